using System.Buffers.Binary;

namespace Trunkline.Sctp.Wire;

/// <summary>One parameter or error cause, in place.</summary>
internal readonly ref struct Tlv(ReadOnlySpan<byte> whole)
{
    public ReadOnlySpan<byte> Whole { get; } = whole;

    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(Whole);

    public ReadOnlySpan<byte> Value => Whole[TlvReader.HeaderSize..];

    /// <summary>Writes one with its padding; says how many bytes that took.</summary>
    public static int Write(Span<byte> destination, ushort type, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(TlvReader.HeaderSize + value.Length));
        value.CopyTo(destination[TlvReader.HeaderSize..]);
        var end = TlvReader.HeaderSize + value.Length;
        destination[end..Padding.Up(end)].Clear();
        return Padding.Up(end);
    }
}
