namespace Trunkline.ApiServer.Protobuf;

/// <summary>Reads the protobuf wire format from bytes that nobody has checked.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Reads a field's number and content: a varint or fixed value in <paramref name="value"/>, or bytes in <paramref name="content"/>.</summary>
    public bool TryReadField(out int number, out int wireType, out ulong value, out ReadOnlySpan<byte> content)
    {
        number = 0;
        wireType = 0;
        value = 0;
        content = default;
        if (!TryReadVarint(out var tag) || tag >> 3 is 0 or > int.MaxValue)
        {
            return false;
        }

        number = (int)(tag >> 3);
        wireType = (int)(tag & 7);
        return wireType switch
        {
            0 => TryReadVarint(out value),
            1 => TryReadFixed(8, out value),
            2 => TryReadVarint(out var length) && TryTake(length, out content),
            5 => TryReadFixed(4, out value),
            _ => false,
        };
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < 10 && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private bool TryReadFixed(int length, out ulong value)
    {
        value = 0;
        if (!TryTake((ulong)length, out var taken))
        {
            return false;
        }

        for (var i = length - 1; i >= 0; i--)
        {
            value = (value << 8) | taken[i];
        }

        return true;
    }

    private bool TryTake(ulong length, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (length > (ulong)_rest.Length)
        {
            return false;
        }

        taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }
}
