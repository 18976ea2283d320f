using System.Text.Json.Nodes;
using Trunkline.Operations.Machines;

namespace Trunkline.Operations.Probes;

/// <summary>What a node's kernel has counted as dropped by policy, read from its nftables rules.</summary>
public static class DropCounters
{
    private static readonly string[] s_command = ["nft", "-j", "list", "set", "inet", "trunkline", "dropped"];

    /// <summary>Packets dropped on a node on their way to one address, protocol and port, by source address.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> ReadAsync(
        IMachines machines, string node, string destination, string protocol, int port, CancellationToken cancel) =>
        Parse(await machines.ReadAsync(node, s_command, cancel), destination, protocol, port);

    /// <summary>Reads nft's JSON: elements of source . destination . protocol . port, each with a counter.</summary>
    public static IReadOnlyDictionary<string, long> Parse(string json, string destination, string protocol, int port)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var elements = JsonNode.Parse(json)?["nftables"]?.AsArray().Select(item => item?["set"]?["elem"]).OfType<JsonArray>().SelectMany(e => e) ?? [];
        foreach (var element in elements)
        {
            if (element?["elem"] is not { } body || body["val"]?["concat"] is not JsonArray { Count: 4 } key)
            {
                continue;
            }

            if (Text(key[1]) == destination && Text(key[2]) == protocol && Text(key[3]) == $"{port}")
            {
                var source = Text(key[0]);
                counts[source] = counts.GetValueOrDefault(source) + (body["counter"]?["packets"]?.GetValue<long>() ?? 0);
            }
        }

        return counts;
    }

    private static string Text(JsonNode? node) => node?.ToJsonString().Trim('"') ?? "";
}
