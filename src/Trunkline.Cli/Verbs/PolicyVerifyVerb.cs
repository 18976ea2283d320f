using System.CommandLine;
using Spectre.Console;
using Trunkline.Cli.Output;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Policies;
using Trunkline.Operations.Policies.Verify;
using Trunkline.Operations.Reports;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline policy verify</c>.</summary>
internal static class PolicyVerifyVerb
{
    public static Command Create(IAnsiConsole console)
    {
        var ports = new Option<int[]>("--port") { Description = "A port to try at every Pod. [default: the SCTP ports that each Pod declares]", HelpName = "1..65535" };
        ports.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => !int.TryParse(token.Value, out var port) || port is < 1 or > 65535))
            {
                result.AddError("--port is a whole number from 1 to 65535.");
            }
        });
        var all = new Option<bool>("--all-namespaces", "-A") { Description = "Pods of all namespaces. [default: those of one]" };
        var patience = CommonOptions.Number("--wait", 1, 30, "Seconds after which nobody having answered is silence. [default: 2]");
        var (cluster, output) = (new ClusterOptions(), CommonOptions.Output());
        var command = new Command("verify",
            """
            Tries every flow between a namespace's running Pods over SCTP and over TCP, and holds what was seen against what policies say: a network that ignores policies for SCTP, or opens TCP with them, is caught.
            Probes are made by the nc of the Pods' own images; nothing is created. A refusal tells the Pod's answer from a plugin's only where somebody listens.
            Exit code 0: all agree; 1: a flow differs; 8: none differs, and some are unclear or could not be tried; 7: the cluster cannot be read; 130: interrupted.

            Examples:
              trunkline policy verify -n sctp-demo
              trunkline policy verify -n sctp-demo --port 30102 --wait 5 --output json
            """)
        { ports, all, patience, output };
        cluster.AddTo(command);
        command.SetAction((parsed, cancel) => Guarded.RunAsync(async () =>
        {
            using var api = new ClusterApi(cluster.Target(parsed));
            var objects = await LiveObjects.ReadAsync(api, PolicyClusters.Kinds, null, null, cancel);
            Unread.Tell(objects);
            var probes = ProbePlan.Of(objects, PolicyClusters.Of(objects), parsed.GetValue(all) ? null : api.Namespace, parsed.GetValue(ports) ?? []);
            if (probes.Count == 0)
            {
                throw new ClusterException($"there is nothing to try in {(parsed.GetValue(all) ? "any namespace" : $"namespace {api.Namespace}")}: no two running Pods, or none that declares an SCTP port; name one with --port.");
            }

            var seen = await new PodProber(api, parsed.GetValue(patience) ?? 2).RunAsync(probes, tried => ProgressLine.Say($"{tried} of {probes.Count} probes"), cancel);
            ProgressLine.Say("");
            var judgements = FlowJudgement.Of(seen);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Json.Write(PolicyJson.Verification(judgements));
            }
            else
            {
                Print(console, judgements);
            }

            return judgements.Any(one => one.Agreement == Agreement.Differs) ? 1 : judgements.All(one => one.Agreement == Agreement.Agrees) ? 0 : FindingsPrinter.WarningsOnly;
        }, "nothing was left behind."));
        return command;
    }

    private static void Print(IAnsiConsole console, IReadOnlyList<FlowJudgement> judgements)
    {
        foreach (var one in judgements.Where(one => one.Agreement != Agreement.Agrees))
        {
            var colour = one.Agreement == Agreement.Differs ? "red" : "yellow";
            console.MarkupLine($"[{colour}]{one.Agreement.ToString().ToLowerInvariant()}[/] {Markup.Escape($"{one.Probe}: {one.Why}")}");
            console.MarkupLineInterpolated($"    policies {one.Probe.Expected.Egress}");
            console.MarkupLineInterpolated($"             {one.Probe.Expected.Ingress}");
            console.MarkupLineInterpolated($"    socket   {one.Sight.Words}");
        }

        var counts = Enum.GetValues<Agreement>().Select(agreement => $"{judgements.Count(one => one.Agreement == agreement)} {agreement.ToString().ToLowerInvariant()}");
        console.MarkupLineInterpolated($"{judgements.Count} flows: {string.Join(", ", counts)}");
    }
}
