using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Validation.Fields;
using static Trunkline.ApiServer.Tables.TableLayout;

namespace Trunkline.ApiServer.Tables;

/// <summary>Printer columns of OpenShift's custom resources. A cell whose path leads nowhere is null, as for any custom resource.</summary>
internal static class OpenShiftTables
{
    private const string GeneratedBy = "machineconfiguration.openshift.io/generated-by-controller-version";
    private static readonly TableColumn Created = new("Age", "date", ColumnText.Age);

    public static readonly TableLayout MachineConfig = new(
        [Name, Text("GeneratedByController", ColumnText.ConfigGenerated), Text("IgnitionVersion", ColumnText.ConfigIgnition), Created],
        (o, now) =>
        [
            Print.Name(o),
            o.Obj("metadata").Obj("annotations").Str(GeneratedBy),
            o.Obj("spec").Obj("config").Obj("ignition").Str("version"),
            Print.Age(o, now),
        ]);

    public static readonly TableLayout MachineConfigPool = new(
        [
            Name,
            Text("Config", ""),
            Text("Updated", ColumnText.PoolUpdated),
            Text("Updating", ColumnText.PoolUpdating),
            Text("Degraded", ColumnText.PoolDegraded),
            new("MachineCount", "number", ColumnText.PoolMachines),
            new("ReadyMachineCount", "number", ColumnText.PoolReady),
            new("UpdatedMachineCount", "number", ColumnText.PoolUpdatedMachines),
            new("DegradedMachineCount", "number", ColumnText.PoolDegradedMachines),
            Created,
        ],
        (o, now) =>
        [
            Print.Name(o),
            o.Obj("status").Obj("configuration").Str("name"),
            Condition(o, "Updated"),
            Condition(o, "Updating"),
            Condition(o, "Degraded"),
            o.Obj("status").Int("machineCount"),
            o.Obj("status").Int("readyMachineCount"),
            o.Obj("status").Int("updatedMachineCount"),
            o.Obj("status").Int("degradedMachineCount"),
            Print.Age(o, now),
        ]);

    public static readonly TableLayout ClusterVersion = new(
        [Name, Text("Version", ""), Text("Available", ""), Text("Progressing", ""), new("Since", "date", ""), Text("Status", "")],
        (o, now) =>
        [
            Print.Name(o),
            o.Obj("status").Objects("history").FirstOrDefault(h => h.Text("state") == "Completed")?.Str("version"),
            Condition(o, "Available"),
            Condition(o, "Progressing"),
            Print.Since(Of(o, "Progressing").Str("lastTransitionTime"), now),
            Of(o, "Progressing").Str("message"),
        ]);

    public static readonly TableLayout Project = new(
        [Name, Text("Display Name", "The display name of the project"), Text("Status", "The status of the project")],
        (o, _) => [Print.Name(o), o.Obj("metadata").Obj("annotations").Text("openshift.io/display-name"), o.Obj("status").Text("phase")]);

    private static JsonObject? Of(JsonObject o, string type) => o.Obj("status").Objects("conditions").FirstOrDefault(c => c.Text("type") == type);

    private static JsonNode? Condition(JsonObject o, string type) => Of(o, type).Str("status");
}
