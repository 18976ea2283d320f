using System.Buffers.Binary;
using System.Numerics;

namespace Trunkline.Node.Network.Sctp;

/// <summary>The checksum of an SCTP packet (RFC 9260 section 6.8, appendix A).</summary>
internal static class Crc32c
{
    private const int Place = 8;

    /// <summary>Over the whole packet with its own field as zero.</summary>
    public static uint Of(ReadOnlySpan<byte> packet)
    {
        var crc = uint.MaxValue;
        for (var index = 0; index < packet.Length; index++)
        {
            crc = BitOperations.Crc32C(crc, index is >= Place and < Place + 4 ? (byte)0 : packet[index]);
        }

        return ~crc;
    }

    public static void Write(Span<byte> packet) => BinaryPrimitives.WriteUInt32LittleEndian(packet[Place..], Of(packet));

    /// <summary>
    /// A zero is the field of a packet whose sender's kernel leaves the sum to a network card that never came (CHECKSUM_PARTIAL, over cables of Pods): nobody has
    /// computed it yet, and nobody could have corrupted it.
    /// </summary>
    public static bool IsGood(ReadOnlySpan<byte> packet)
    {
        var written = BinaryPrimitives.ReadUInt32LittleEndian(packet[Place..]);
        return written == 0 || written == Of(packet);
    }
}
