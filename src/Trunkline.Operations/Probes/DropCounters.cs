using System.Text.Json.Nodes;
using Trunkline.Operations.Machines;

namespace Trunkline.Operations.Probes;

/// <summary>What a node's kernel has counted as dropped by policy, read from its nftables rules.</summary>
public sealed class DropCounters
{
    private static readonly string[] s_command = ["nft", "-j", "list", "set", "inet", "trunkline", "dropped"];

    private readonly Dictionary<(string Source, string Destination, string Protocol, int Port), long> _packets = [];

    /// <summary>Reads them from a node.</summary>
    public static async Task<DropCounters> ReadAsync(IMachines machines, string node, CancellationToken cancel) =>
        Parse(await machines.ReadAsync(node, s_command, cancel));

    /// <summary>Reads nft's JSON: elements of source . destination . protocol . port, each with a counter.</summary>
    public static DropCounters Parse(string json)
    {
        var counters = new DropCounters();
        var elements = JsonNode.Parse(json)?["nftables"]?.AsArray().Select(item => item?["set"]?["elem"]).OfType<JsonArray>().SelectMany(e => e) ?? [];
        foreach (var element in elements)
        {
            if (element?["elem"] is { } body && body["val"]?["concat"] is JsonArray { Count: 4 } key && int.TryParse(Text(key[3]), out var port))
            {
                counters._packets[(Text(key[0]), Text(key[1]), Text(key[2]), port)] = body["counter"]?["packets"]?.GetValue<long>() ?? 0;
            }
        }

        return counters;
    }

    /// <summary>Packets of one flow: addresses and port as they were when the policy was asked, after translation of the destination.</summary>
    /// <param name="source">Source address.</param>
    /// <param name="destination">Destination address.</param>
    /// <param name="protocol">sctp, tcp or udp.</param>
    /// <param name="port">Destination port.</param>
    public long Packets(string source, string destination, string protocol, int port) => _packets.GetValueOrDefault((source, destination, protocol, port));

    private static string Text(JsonNode? node) => node?.ToJsonString().Trim('"') ?? "";
}
