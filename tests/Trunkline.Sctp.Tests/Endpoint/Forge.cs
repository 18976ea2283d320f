using System.Buffers.Binary;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Tests.Endpoint;

/// <summary>Packets as an attacker, or another implementation, would make them.</summary>
public static class Forge
{
    public static byte[] Packet(ushort source, ushort destination, uint tag, params byte[][] chunks)
    {
        var length = CommonHeader.Size + chunks.Sum(chunk => (chunk.Length + 3) & ~3);
        var packet = new byte[length];
        BinaryPrimitives.WriteUInt16BigEndian(packet, source);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), destination);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), tag);
        var at = CommonHeader.Size;
        foreach (var chunk in chunks)
        {
            chunk.CopyTo(packet, at);
            at += (chunk.Length + 3) & ~3;
        }

        Crc32c.Write(packet);
        return packet;
    }

    public static byte[] Chunk(byte type, byte flags, params byte[] value)
    {
        var chunk = new byte[4 + value.Length];
        chunk[0] = type;
        chunk[1] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(2), (ushort)chunk.Length);
        value.CopyTo(chunk, 4);
        return chunk;
    }

    public static byte[] Init(ushort source, ushort destination, uint initiateTag, byte[]? parameters = null)
    {
        byte[] value = [0, 0, 0, 0, 0, 1, 0, 0, 0, 10, 0, 10, 0, 0, 0, 1, .. parameters ?? []];
        BinaryPrimitives.WriteUInt32BigEndian(value, initiateTag);
        return Packet(source, destination, 0, Chunk(1, 0, value));
    }

    public static byte[] Data(uint tsn, ushort stream, ushort sequence, byte flags, params byte[] payload)
    {
        var value = new byte[12 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(value, tsn);
        BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(4), stream);
        BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(6), sequence);
        payload.CopyTo(value, 12);
        return Chunk(0, flags, value);
    }

    public static byte[] Sack(uint cumulative, uint window, params (ushort Start, ushort End)[] gaps)
    {
        var value = new byte[12 + (4 * gaps.Length)];
        BinaryPrimitives.WriteUInt32BigEndian(value, cumulative);
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(4), window);
        BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(8), (ushort)gaps.Length);
        for (var i = 0; i < gaps.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(12 + (4 * i)), gaps[i].Start);
            BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(14 + (4 * i)), gaps[i].End);
        }

        return Chunk(3, 0, value);
    }
}
