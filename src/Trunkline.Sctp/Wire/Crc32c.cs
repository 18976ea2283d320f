using System.Buffers.Binary;
using System.Numerics;

namespace Trunkline.Sctp.Wire;

/// <summary>The packet checksum (RFC 9260 section 6.8 and appendix A). BitOperations uses the processor's instruction where there is one.</summary>
internal static class Crc32c
{
    private const int FieldOffset = 8;

    public static void Write(Span<byte> packet) =>
        BinaryPrimitives.WriteUInt32LittleEndian(packet[FieldOffset..], Compute(packet));

    public static bool Verify(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32LittleEndian(packet[FieldOffset..]) == Compute(packet);

    /// <summary>The checksum of a packet, its own field taken as zero.</summary>
    private static uint Compute(ReadOnlySpan<byte> packet)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(packet));
        crc = BitOperations.Crc32C(crc, 0u);
        var rest = packet[CommonHeader.Size..];
        for (; rest.Length >= 8; rest = rest[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }

        foreach (var octet in rest)
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        return ~crc;
    }
}
