using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using static Trunkline.ApiServer.Tables.TableLayout;

namespace Trunkline.ApiServer.Tables;

/// <summary>NetworkPolicy, Endpoints, EndpointSlice.</summary>
internal static class NetworkTables
{
    public static readonly TableLayout NetworkPolicy = new(
        [Name, Text("Pod-Selector", ColumnText.PolicyPodSelector), Age],
        (policy, now) => [Print.Name(policy), Print.Selector(policy.Obj("spec").Obj("podSelector")), Print.Age(policy, now)]);

    // A custom resource: its columns are its definition's.
    public static readonly TableLayout ClusterNetworkPolicy = new(
        [Name, Text("Tier", ""), Text("Priority", ""), new("Age", "date", ColumnText.Age)],
        (policy, now) => [Print.Name(policy), policy.Obj("spec").Str("tier"), policy.Obj("spec").Int("priority")?.ToString(CultureInfo.InvariantCulture), Print.Age(policy, now)]);

    public static readonly TableLayout Endpoints = new(
        [Name, Text("Endpoints", ColumnText.Endpoints), Age],
        (o, now) => [Print.Name(o), Print.Few([.. Addresses(o)], Print.None), Print.Age(o, now)]);

    public static readonly TableLayout EndpointSlice = new(
        [Name, Text("AddressType", ColumnText.SliceAddressType), Text("Ports", ColumnText.SlicePorts), Text("Endpoints", ColumnText.SliceEndpoints), Age],
        (o, now) =>
        [
            Print.Name(o),
            o.Text("addressType"),
            Print.Few([.. o.Objects("ports").Select(Port)], "<unset>"),
            Print.Few([.. o.Objects("endpoints").SelectMany(e => e.Texts("addresses"))], "<unset>"),
            Print.Age(o, now),
        ]);

    private static string Port(JsonObject port) => port.Int("port")?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? (port.Str("name") is { Length: > 0 } name ? name : "*");

    private static IEnumerable<string> Addresses(JsonObject endpoints)
    {
        foreach (var subset in endpoints.Objects("subsets"))
        {
            var ports = subset.Objects("ports").ToList();
            foreach (var ip in subset.Objects("addresses").Select(a => a.Text("ip")))
            {
                if (ports.Count == 0)
                {
                    yield return ip;
                }

                foreach (var port in ports)
                {
                    yield return ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]:{port.Int("port")}" : $"{ip}:{port.Int("port")}";
                }
            }
        }
    }
}
