using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Validation.Fields;
using static Trunkline.ApiServer.Tables.TableLayout;

namespace Trunkline.ApiServer.Tables;

/// <summary>Deployment, ReplicaSet, DaemonSet.</summary>
internal static class WorkloadTables
{
    public static readonly TableLayout Deployment = new(
        [
            Name,
            Text("Ready", ColumnText.DeploymentReady),
            Number("Up-to-date", ColumnText.DeploymentUpdated),
            Number("Available", ColumnText.DeploymentAvailable),
            Age,
            .. TemplateColumns(ColumnText.DeploymentSelector),
        ],
        (o, now) =>
        [
            Print.Name(o),
            Ready(o),
            Print.Count(o.Obj("status"), "updatedReplicas"),
            Print.Count(o.Obj("status"), "availableReplicas"),
            Print.Age(o, now),
            .. TemplateCells(o),
        ]);

    public static readonly TableLayout ReplicaSet = new(
        [
            Name,
            Number("Desired", ColumnText.ReplicaSetDesired),
            Number("Current", ColumnText.ReplicaSetCurrent),
            Number("Ready", ColumnText.ReplicaSetReady),
            Age,
            .. TemplateColumns(ColumnText.ReplicaSetSelector),
        ],
        (o, now) =>
        [
            Print.Name(o),
            Print.Count(o.Obj("spec"), "replicas"),
            Print.Count(o.Obj("status"), "replicas"),
            Print.Count(o.Obj("status"), "readyReplicas"),
            Print.Age(o, now),
            .. TemplateCells(o),
        ]);

    public static readonly TableLayout DaemonSet = new(
        [
            Name,
            Number("Desired", ColumnText.DaemonSetDesired),
            Number("Current", ColumnText.DaemonSetCurrent),
            Number("Ready", ColumnText.DaemonSetReady),
            Number("Up-to-date", ColumnText.DaemonSetUpdated),
            Number("Available", ColumnText.DaemonSetAvailable),
            Text("Node Selector", ColumnText.DaemonSetNodeSelector),
            Age,
            .. TemplateColumns(ColumnText.DaemonSetSelector),
        ],
        (o, now) =>
        [
            Print.Name(o),
            Print.Count(o.Obj("status"), "desiredNumberScheduled"),
            Print.Count(o.Obj("status"), "currentNumberScheduled"),
            Print.Count(o.Obj("status"), "numberReady"),
            Print.Count(o.Obj("status"), "updatedNumberScheduled"),
            Print.Count(o.Obj("status"), "numberAvailable"),
            Print.Labels(PodSpec(o), "nodeSelector"),
            Print.Age(o, now),
            .. TemplateCells(o),
        ]);

    private static TableColumn[] TemplateColumns(string selector) =>
        [Wide("Containers", ColumnText.Containers), Wide("Images", ColumnText.Images), Wide("Selector", selector)];

    private static JsonNode?[] TemplateCells(JsonObject o) =>
        [Print.Containers(PodSpec(o)), Print.Images(PodSpec(o)), Print.Selector(o.Obj("spec").Obj("selector"))];

    private static JsonObject? PodSpec(JsonObject o) => o.Obj("spec").Obj("template").Obj("spec");

    private static string Ready(JsonObject o) => $"{o.Obj("status").Int("readyReplicas") ?? 0}/{o.Obj("spec").Int("replicas") ?? 0}";
}
