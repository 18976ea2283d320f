using System.Buffers.Binary;
using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Transports.Native;

/// <summary>sockaddr_in and sockaddr_in6, written and read by hand. Raw sockets want port 0.</summary>
internal static class SocketAddressBytes
{
    internal const int Size = 28;
    private const int SizeIPv4 = 16;

    internal static uint Write(Span<byte> destination, SctpAddress address, ushort port = 0)
    {
        destination[..Size].Clear();
        BitConverter.TryWriteBytes(destination, (ushort)(address.IsIPv4 ? Libc.AfInet : Libc.AfInet6));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], port);
        if (address.IsIPv4)
        {
            address.WriteTo(destination[4..]);
            return SizeIPv4;
        }

        address.WriteTo(destination[8..]);
        BitConverter.TryWriteBytes(destination[24..], address.ScopeId);
        return Size;
    }

    internal static SctpAddress Read(ReadOnlySpan<byte> source) => BitConverter.ToUInt16(source) == Libc.AfInet
        ? SctpAddress.FromBytes(source.Slice(4, 4))
        : SctpAddress.FromBytes(source.Slice(8, 16), BitConverter.ToUInt32(source[24..]));
}
