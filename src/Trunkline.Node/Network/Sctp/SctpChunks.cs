using System.Buffers.Binary;

namespace Trunkline.Node.Network.Sctp;

/// <summary>Walks chunks, or the parameters of one: both are a type, a length that counts its own header, and padding to four bytes (RFC 9260 sections 3.2, 3.2.1).</summary>
internal ref struct SctpChunks(ReadOnlySpan<byte> bytes, bool parameters = false)
{
    private ReadOnlySpan<byte> _left = bytes;

    /// <summary>A chunk's one byte, a parameter's two.</summary>
    public int Type { get; private set; }

    public byte Flags { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Something does not fit: a length below its header, or beyond the packet.</summary>
    public bool IsBroken { get; private set; }

    public bool Next()
    {
        if (_left.Length == 0 || IsBroken)
        {
            return false;
        }

        var length = _left.Length >= 4 ? BinaryPrimitives.ReadUInt16BigEndian(_left[2..]) : 0;
        if (length < 4 || length > _left.Length)
        {
            IsBroken = true;
            return false;
        }

        Type = parameters ? BinaryPrimitives.ReadUInt16BigEndian(_left) : _left[0];
        Flags = parameters ? (byte)0 : _left[1];
        Value = _left[4..length];
        _left = _left[Math.Min((length + 3) & ~3, _left.Length)..];
        return true;
    }
}
