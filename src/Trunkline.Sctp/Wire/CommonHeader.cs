using System.Buffers.Binary;

namespace Trunkline.Sctp.Wire;

/// <summary>RFC 9260 section 3.1.</summary>
internal readonly record struct CommonHeader(ushort SourcePort, ushort DestinationPort, uint VerificationTag)
{
    public const int Size = 12;

    /// <summary>Needs 8 bytes only, so that it also reads what ICMP quotes.</summary>
    public static CommonHeader Read(ReadOnlySpan<byte> packet) => new(
        BinaryPrimitives.ReadUInt16BigEndian(packet),
        BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
        BinaryPrimitives.ReadUInt32BigEndian(packet[4..]));
}
