using System.Buffers.Binary;

namespace Trunkline.Sctp.Wire;

/// <summary>Walks parameters (section 3.2.1) or error causes (section 3.3.10): type, length, value, padding.</summary>
internal ref struct TlvReader(ReadOnlySpan<byte> bytes)
{
    public const int HeaderSize = 4;

    private ReadOnlySpan<byte> _rest = bytes;

    public bool Malformed { get; private set; }

    public bool TryRead(out Tlv tlv)
    {
        tlv = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        var length = _rest.Length < HeaderSize ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length < HeaderSize || length > _rest.Length)
        {
            Malformed = true;
            _rest = default;
            return false;
        }

        tlv = new Tlv(_rest[..length]);
        _rest = _rest[Math.Min(Padding.Up(length), _rest.Length)..];
        return true;
    }
}
