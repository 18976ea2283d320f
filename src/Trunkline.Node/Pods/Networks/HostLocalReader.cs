using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Trunkline.Node.Network.Secondary;

namespace Trunkline.Node.Pods.Networks;

/// <summary>The ranges of a "host-local" ipam: <c>ranges</c>, a list of sets of which a Pod gets an address each, or one range written beside them. Pure.</summary>
internal static class HostLocalReader
{
    private static readonly string[] s_known = ["subnet", "rangeStart", "rangeEnd", "gateway"];

    public static IReadOnlyList<IReadOnlyList<HostLocalRange>> Sets(JsonElement ipam, Func<string, Exception> refused)
    {
        var sets = new List<IReadOnlyList<HostLocalRange>>();
        if (ipam.TryGetProperty("subnet", out _))
        {
            sets.Add([Range(ipam, refused)]);
        }

        if (ipam.TryGetProperty("ranges", out var ranges) && ranges.ValueKind != JsonValueKind.Null)
        {
            sets.AddRange(ranges.EnumerateArray().Select(set => (IReadOnlyList<HostLocalRange>)[.. set.EnumerateArray().Select(item => Known(item, refused))]));
        }

        return sets.Count == 0 || sets.Any(set => set.Count == 0)
            ? throw refused("has ipam of type \"host-local\" without a range; give subnet, or ranges: [[{\"subnet\": \"192.0.2.0/24\"}]]")
            : sets.FirstOrDefault(set => set.Select(range => range.Start.AddressFamily).Distinct().Count() > 1) is null
                ? sets
                : throw refused("has both families in one set of ranges; give each a set of its own");
    }

    private static HostLocalRange Known(JsonElement item, Func<string, Exception> refused) =>
        item.EnumerateObject().Select(field => field.Name).FirstOrDefault(name => !s_known.Contains(name)) is { } unknown
            ? throw refused($"asks for ipam.ranges.{unknown}, which this node does not serve; it knows {string.Join(", ", s_known)}")
            : Range(item, refused);

    private static HostLocalRange Range(JsonElement item, Func<string, Exception> refused)
    {
        var text = Text(item, "subnet") ?? "";
        if (NetworkText.Network(text) is not { } subnet || subnet.PrefixLength > Bits(subnet) - 2)
        {
            throw refused($"has the subnet \"{text}\", which is no network of at least four addresses with its prefix length");
        }

        // The network's own address is nobody's, IPv4's last is everybody's; the first is the gateway's where nobody says otherwise (CNI: host-local).
        var family = subnet.BaseAddress.AddressFamily;
        var first = IpNumber.Of(subnet.BaseAddress);
        var last = first + (UInt128.One << (Bits(subnet) - subnet.PrefixLength)) - 1;
        var range = new HostLocalRange(subnet, Inside("rangeStart") ?? IpNumber.Address(first + 1, family), Inside("rangeEnd") ?? IpNumber.Address(family == AddressFamily.InterNetwork ? last - 1 : last, family),
            Inside("gateway") ?? IpNumber.Address(first + 1, family));
        return IpNumber.Of(range.Start) <= IpNumber.Of(range.End) ? range : throw refused($"has a range from {range.Start} to {range.End}, in which there is none");

        IPAddress? Inside(string name) => Text(item, name) is not { } value ? null
            : NetworkText.Address(value) is { } address && subnet.Contains(address) ? address
            : throw refused($"has {name} \"{value}\", which is no address of {subnet}");
    }

    private static int Bits(IPNetwork network) => network.BaseAddress.GetAddressBytes().Length * 8;

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null && value.GetString() is { Length: > 0 } text ? text : null;
}
