using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Node.Network.Secondary;

/// <summary>Addresses as numbers, to count through them.</summary>
internal static class IpNumber
{
    public static UInt128 Of(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static IPAddress Address(UInt128 number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(family == AddressFamily.InterNetwork ? bytes[12..] : bytes);
    }
}
