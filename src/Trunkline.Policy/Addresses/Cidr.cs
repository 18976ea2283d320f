using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Policy.Addresses;

/// <summary>
/// CIDRs as Kubernetes reads them (apimachinery's ParseCIDRSloppy): bits beyond the prefix are ignored, leading zeros are decimal (never octal), and an IPv4-mapped
/// IPv6 network is its IPv4 network.
/// </summary>
public static class Cidr
{
    public static bool TryParse(string? text, out IPNetwork network)
    {
        network = default;
        if (text?.IndexOf('/') is not (> 0 and var slash)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            || !TryParseAddress(text[..slash], out var address))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6 && prefix >= 96)
        {
            (address, prefix) = (address.MapToIPv4(), prefix - 96);
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (prefix > bits)
        {
            return false;
        }

        var hosts = bits - prefix == 128 ? UInt128.MaxValue : (UInt128.One << (bits - prefix)) - 1;
        network = new IPNetwork(AddressRange.ToAddress(address.AddressFamily, AddressRange.ToNumber(address) & ~hosts), prefix);
        return true;
    }

    private static bool TryParseAddress(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Contains(':'))
        {
            // A zone ("%eth0") is about one machine's links and has no place in a policy.
            return !text.Contains('%') && !text.Contains('[') && IPAddress.TryParse(text, out address!);
        }

        var parts = text.Split('.');
        var bytes = new byte[4];
        for (var index = 0; index < 4; index++)
        {
            if (parts.Length != 4 || !byte.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[index]))
            {
                return false;
            }
        }

        address = new IPAddress(bytes);
        return true;
    }
}
