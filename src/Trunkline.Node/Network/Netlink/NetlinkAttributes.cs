using System.Buffers.Binary;

namespace Trunkline.Node.Network.Netlink;

/// <summary>Walks the attributes of a message from the kernel; ends at the first that does not fit.</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    public int Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public bool Next()
    {
        if (_left.Length < 4)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(_left);
        if (length < 4 || length > _left.Length)
        {
            return false;
        }

        Type = BinaryPrimitives.ReadUInt16LittleEndian(_left[2..]) & 0x3FFF; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER
        Value = _left[4..length];
        _left = _left[Math.Min((length + 3) & ~3, _left.Length)..];
        return true;
    }

    /// <summary>The first attribute of a type, or nothing.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> bytes, int type)
    {
        var attributes = new NetlinkAttributes(bytes);
        while (attributes.Next())
        {
            if (attributes.Type == type)
            {
                return attributes.Value;
            }
        }

        return [];
    }
}
