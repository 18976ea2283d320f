using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Trunkline.Node.IntegrationTests.Kernel.Sets;

namespace Trunkline.Node.IntegrationTests.Kernel.Reading;

/// <summary>Values of the list as numbers.</summary>
internal static class Values
{
    private static readonly Dictionary<FieldKind, Dictionary<string, uint>> s_names = new()
    {
        [FieldKind.Protocol] = new()
        {
            ["icmp"] = 1,
            ["igmp"] = 2,
            ["tcp"] = 6,
            ["udp"] = 17,
            ["esp"] = 50,
            ["ah"] = 51,
            ["ipv6-icmp"] = 58,
            ["icmpv6"] = 58,
            ["sctp"] = 132,
        },
        [FieldKind.CtState] = new() { ["invalid"] = 1, ["established"] = 2, ["related"] = 4, ["new"] = 8, ["untracked"] = 64 },
        [FieldKind.CtStatus] = new() { ["expected"] = 1, ["seen-reply"] = 2, ["assured"] = 4, ["confirmed"] = 8, ["snat"] = 16, ["dnat"] = 32, ["dying"] = 512 },
        [FieldKind.CtDirection] = new() { ["original"] = 0, ["reply"] = 1 },
        [FieldKind.NfProtocol] = new() { ["ipv4"] = 2, ["ipv6"] = 10 },
        [FieldKind.EtherType] = new() { ["ip"] = 0x0800, ["ip6"] = 0x86dd, ["arp"] = 0x0806 },
        [FieldKind.FibType] = new() { ["unicast"] = 1, ["local"] = 2, ["broadcast"] = 3, ["anycast"] = 4, ["multicast"] = 5, ["blackhole"] = 6, ["unreachable"] = 7 },
        [FieldKind.TcpFlags] = new() { ["fin"] = 1, ["syn"] = 2, ["rst"] = 4, ["psh"] = 8, ["ack"] = 16, ["urg"] = 32, ["ecn"] = 64, ["cwr"] = 128 },
        [FieldKind.IcmpType] = new() { ["echo-reply"] = 0, ["destination-unreachable"] = 3, ["echo-request"] = 8, ["time-exceeded"] = 11 },
        [FieldKind.Icmpv6Type] = new()
        {
            ["destination-unreachable"] = 1,
            ["packet-too-big"] = 2,
            ["time-exceeded"] = 3,
            ["echo-request"] = 128,
            ["echo-reply"] = 129,
            ["nd-router-solicit"] = 133,
            ["nd-router-advert"] = 134,
            ["nd-neighbor-solicit"] = 135,
            ["nd-neighbor-advert"] = 136,
            ["nd-redirect"] = 137,
            ["mld-listener-query"] = 130,
            ["mld-listener-report"] = 131,
            ["mld-listener-done"] = 132,
            ["mld2-listener-report"] = 143,
        },
    };

    public static UInt128 Address(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        UInt128 number = 0;
        foreach (var part in bytes[..length])
        {
            number = (number << 8) | part;
        }

        return number;
    }

    public static IPAddress Address(UInt128 number, bool ipv6)
    {
        Span<byte> bytes = stackalloc byte[ipv6 ? 16 : 4];
        for (var index = bytes.Length - 1; index >= 0; index--, number >>= 8)
        {
            bytes[index] = (byte)(number & 255);
        }

        return new IPAddress(bytes);
    }

    /// <summary>One field: a value, a range, a prefix, or a list of flags.</summary>
    public static FieldRange Range(JsonElement value, FieldKind kind)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.TryGetProperty("range", out var range):
                return new FieldRange(Number(range[0], kind), Number(range[1], kind));
            case JsonValueKind.Object when value.TryGetProperty("prefix", out var prefix):
                var first = Number(prefix.GetProperty("addr"), kind);
                var host = (kind == FieldKind.Ipv6 ? 128 : 32) - prefix.GetProperty("len").GetInt32();
                return new FieldRange(first, host == 128 ? UInt128.MaxValue : first | ((UInt128.One << host) - 1));
            default:
                var number = Number(value, kind);
                return new FieldRange(number, number);
        }
    }

    public static UInt128 Number(JsonElement value, FieldKind kind) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetUInt64(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => Text(value.GetString()!, kind),
        JsonValueKind.Array => value.EnumerateArray().Aggregate(UInt128.Zero, (all, flag) => all | Number(flag, kind)),
        JsonValueKind.Object when value.TryGetProperty("|", out var flags) => Number(flags, kind),
        _ => throw new UnknownRuleException($"value {value}"),
    };

    private static UInt128 Text(string text, FieldKind kind)
    {
        if (s_names.TryGetValue(kind, out var names) && names.TryGetValue(text, out var named))
        {
            return named;
        }

        if (kind is FieldKind.Ipv4 or FieldKind.Ipv6 && IPAddress.TryParse(text, out var address)
            && address.AddressFamily == (kind == FieldKind.Ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6))
        {
            return Address(address);
        }

        if (UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        return text.StartsWith("0x", StringComparison.Ordinal) && UInt128.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            ? number
            : throw new UnknownRuleException($"{text} as {kind}");
    }
}
