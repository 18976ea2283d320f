using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Node.Pods.Networks;

/// <summary>Addresses and networks as CNI configurations write them. Pure.</summary>
internal static class NetworkText
{
    /// <summary>Null where it is no whole address of one host, or of another notation.</summary>
    public static IPAddress? Address(string text) =>
        IPAddress.TryParse(text, out var address) && (address.AddressFamily == AddressFamily.InterNetwork ? text.Count(c => c == '.') == 3 : address.ScopeId == 0)
            && !address.IsIPv4MappedToIPv6
            ? address
            : null;

    /// <summary>An address with a prefix length; what is said beyond the prefix is left out, as Go's net.ParseCIDR does. Null where it is none.</summary>
    public static IPNetwork? Network(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2 && Address(parts[0]) is { } address
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= address.GetAddressBytes().Length * 8
            ? new IPNetwork(Masked(address, length), length)
            : null;
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - (i * 8), 0, 8));
        }

        return new IPAddress(bytes);
    }
}
