using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using static Trunkline.ApiServer.Tables.TableLayout;

namespace Trunkline.ApiServer.Tables;

/// <summary>Namespace, ServiceAccount, ConfigMap, Secret, Lease, PodDisruptionBudget.</summary>
internal static class CoreTables
{
    public static readonly TableLayout Namespace = new(
        [Name, Text("Status", ColumnText.NamespaceStatus), Age],
        (o, now) => [Print.Name(o), o.Obj("status").Text("phase"), Print.Age(o, now)]);

    public static readonly TableLayout ServiceAccount = new(
        [Name, Text("Secrets", ColumnText.AccountSecrets), Age],
        (o, now) => [Print.Name(o), o.List("secrets").Count, Print.Age(o, now)]);

    public static readonly TableLayout ConfigMap = new(
        [Name, Text("Data", ColumnText.ConfigMapData), Age],
        (o, now) => [Print.Name(o), (o.Obj("data")?.Count ?? 0) + (o.Obj("binaryData")?.Count ?? 0), Print.Age(o, now)]);

    public static readonly TableLayout Secret = new(
        [Name, Text("Type", ColumnText.SecretType), Text("Data", ColumnText.SecretData), Age],
        (o, now) => [Print.Name(o), o.Text("type"), o.Obj("data")?.Count ?? 0, Print.Age(o, now)]);

    public static readonly TableLayout Lease = new(
        [Name, Text("Holder", ColumnText.LeaseHolder), Age],
        (o, now) => [Print.Name(o), o.Obj("spec").Text("holderIdentity"), Print.Age(o, now)]);

    public static readonly TableLayout PodDisruptionBudget = new(
        [
            Name,
            Text("Min Available", ColumnText.BudgetMin),
            Text("Max Unavailable", ColumnText.BudgetMax),
            Number("Allowed Disruptions", ColumnText.BudgetAllowed),
            Age,
        ],
        (o, now) =>
        [
            Print.Name(o),
            Amount(o.Obj("spec"), "minAvailable"),
            Amount(o.Obj("spec"), "maxUnavailable"),
            Print.Count(o.Obj("status"), "disruptionsAllowed"),
            Print.Age(o, now),
        ]);

    private static string Amount(JsonObject? spec, string field) =>
        spec.Str(field) ?? spec.Int(field)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "N/A";
}
