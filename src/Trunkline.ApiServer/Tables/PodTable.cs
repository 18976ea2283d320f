using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using static Trunkline.ApiServer.Tables.TableLayout;

namespace Trunkline.ApiServer.Tables;

internal static class PodTable
{
    public static readonly TableLayout Layout = new(
        [
            Name,
            Text("Ready", ColumnText.PodReady),
            Text("Status", ColumnText.PodStatus),
            Text("Restarts", ColumnText.PodRestarts),
            Age,
            Wide("IP", ColumnText.PodIp),
            Wide("Node", ColumnText.PodNode),
            Wide("Nominated Node", ColumnText.PodNominatedNode),
            Wide("Readiness Gates", ColumnText.PodReadinessGates),
        ],
        Cells);

    private static IReadOnlyList<JsonNode?> Cells(JsonObject pod, DateTimeOffset now)
    {
        var summary = PodSummary.Of(pod);
        var (spec, status) = (pod.Obj("spec"), pod.Obj("status"));
        var restarts = summary is { Restarts: > 0, LastRestart: { } last } ? $"{summary.Restarts} ({HumanDuration.Format(now - last)} ago)" : $"{summary.Restarts}";
        return
        [
            Print.Name(pod),
            $"{summary.Ready}/{summary.Total}",
            summary.Reason,
            restarts,
            Print.Age(pod, now),
            Print.OrNone(status.Objects("podIPs").Select(i => i.Str("ip")).FirstOrDefault() ?? status.Str("podIP")),
            Print.OrNone(spec.Str("nodeName")),
            Print.OrNone(status.Str("nominatedNodeName")),
            Gates(spec, status),
        ];
    }

    private static string Gates(JsonObject? spec, JsonObject? status)
    {
        var gates = spec.Objects("readinessGates").Select(g => g.Text("conditionType")).ToList();
        var open = gates.Count(g => status.Objects("conditions").Any(c => c.Text("type") == g && c.Text("status") == "True"));
        return gates.Count == 0 ? Print.None : $"{open}/{gates.Count}";
    }
}
