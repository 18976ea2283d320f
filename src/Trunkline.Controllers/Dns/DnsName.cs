using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Controllers.Dns;

/// <summary>Names of things of a cluster in DNS. What comes from objects is checked once more: nothing of it may end up as syntax of a master file.</summary>
internal static class DnsName
{
    private const int LongestLabel = 63;
    private const int LongestName = 253;
    private static readonly SearchValues<char> s_labelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    /// <summary>RFC 1035 section 2.3.1, and underscores (RFC 8552).</summary>
    public static bool IsLabel(string? text) => text is { Length: > 0 and <= LongestLabel } && !text.AsSpan().ContainsAnyExcept(s_labelCharacters);

    /// <summary>A port's or protocol's name as a label of its own, which begins with an underscore (RFC 2782); null where that is longer than a label may be.</summary>
    public static string? Underscored(string? text) => IsLabel($"_{text}") && IsLabel(text) ? $"_{text}" : null;

    /// <summary>Labels with dots between; one dot at the end may stand.</summary>
    public static bool IsName(string? text)
    {
        var name = text is not null && text.EndsWith('.') ? text[..^1] : text;
        return name is { Length: > 0 and <= LongestName } && name.Split('.').All(IsLabel);
    }

    /// <summary>An address as a label: "10-128-2-5", "fd01--5" (as CoreDNS; dots and colons cannot stand in one).</summary>
    public static string OfAddress(IPAddress address) => address.ToString().Replace('.', '-').Replace(':', '-');

    /// <summary>The name under which an address is looked up in reverse (RFC 1035 section 3.5, RFC 3596 section 2.5).</summary>
    public static string Reverse(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        Array.Reverse(bytes);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? string.Join('.', bytes) + ".in-addr.arpa."
            : string.Join('.', bytes.SelectMany(octet => new[] { octet & 15, octet >> 4 }).Select(digit => digit.ToString("x", CultureInfo.InvariantCulture))) + ".ip6.arpa.";
    }

    /// <summary>"A" or "AAAA".</summary>
    public static string RecordType(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? "A" : "AAAA";
}
