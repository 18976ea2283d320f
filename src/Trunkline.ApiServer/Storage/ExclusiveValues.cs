using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Storage;

/// <summary>
/// Values that one object alone may hold: addresses, node ports and health check ports of Services. Every snapshot knows who has which, so that asking costs the same
/// however many there are.
/// </summary>
public static class ExclusiveValues
{
    /// <summary>An address of a Service, in the one form that is compared.</summary>
    public static string ClusterIp(IPAddress address) => $"clusterIP/{address}";

    /// <summary>A port of all nodes, be it a nodePort or a healthCheckNodePort.</summary>
    public static string NodePort(long port) => string.Create(CultureInfo.InvariantCulture, $"nodePort/{port}");

    internal static IReadOnlyList<string> Of(ObjectKey key, JsonObject document) =>
        key.Resource == "services" && document["spec"] is JsonObject spec ? [.. OfService(spec).Distinct(StringComparer.Ordinal)] : [];

    private static IEnumerable<string> OfService(JsonObject spec)
    {
        foreach (var ip in spec["clusterIPs"] as JsonArray ?? [])
        {
            if (ip is JsonValue value && value.TryGetValue<string>(out var text) && IPAddress.TryParse(text, out var address))
            {
                yield return ClusterIp(address);
            }
        }

        var ports = (spec["ports"] as JsonArray ?? []).Select(port => (port as JsonObject)?["nodePort"]).Append(spec["healthCheckNodePort"]);
        foreach (var port in ports)
        {
            if (Number(port) is > 0 and var number)
            {
                yield return NodePort(number);
            }
        }
    }

    // A number that was read is a long; one that was set here may be an int.
    private static long Number(JsonNode? node) => node is not JsonValue value ? 0 : value.TryGetValue<long>(out var number) ? number : value.TryGetValue<int>(out var small) ? small : 0;
}
