using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.ApiServer.Validation.Addresses;

/// <summary>IP addresses and blocks as Go's netutils reads them: no zone, no leading zeros, no short forms.</summary>
internal static class AddressRules
{
    public static IEnumerable<string> Ip(string value)
    {
        if (Parse(value) is null)
        {
            yield return "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
        }
    }

    public static IPAddress? Parse(string value)
    {
        if (value.Length > 64 || value.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(value, out var address))
        {
            return null;
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return value.Contains('[', StringComparison.Ordinal) ? null : address;
        }

        // .NET also takes "10.1", "0x7f.1" and octal parts, which are nobody's address here.
        return address.ToString() == value || LeadingZeros(value) == address.ToString() ? address : null;
    }

    /// <summary>A block; its host bits need not be zero.</summary>
    public static (IPAddress Address, int Bits)? ParseBlock(string value)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || Parse(value[..slash]) is not { } address)
        {
            return null;
        }

        var text = value[(slash + 1)..];
        var most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return text.Length is > 0 and <= 3 && text.All(char.IsAsciiDigit) && int.Parse(text, CultureInfo.InvariantCulture) is var bits && bits <= most
            ? (address, bits)
            : null;
    }

    public static bool Contains((IPAddress Address, int Bits) block, IPAddress address)
    {
        var (a, b) = (block.Address.GetAddressBytes(), address.GetAddressBytes());
        if (a.Length != b.Length)
        {
            return false;
        }

        for (var i = 0; i < block.Bits; i++)
        {
            var mask = 0x80 >> (i & 7);
            if ((a[i >> 3] & mask) != (b[i >> 3] & mask))
            {
                return false;
            }
        }

        return true;
    }

    // Go's netutils.ParseIPSloppy, which the API uses, reads 010.001.0.1 as decimal.
    private static string LeadingZeros(string value) => string.Join('.', value.Split('.').Select(p => p.TrimStart('0') is { Length: > 0 } t ? t : "0"));
}
