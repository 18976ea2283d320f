using System.Buffers.Binary;
using System.Text;
using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Service;

/// <summary>Puts one frame together.</summary>
internal sealed class FrameWriter
{
    private const int MaxText = 1024;
    private byte[] _bytes = new byte[256];
    private int _length;

    internal FrameWriter Start(FrameKind kind)
    {
        _length = 0;
        Grow(ServiceProtocol.HeaderSize).Clear();
        _bytes[4] = (byte)kind;
        return this;
    }

    internal FrameWriter Byte(byte value)
    {
        Grow(1)[0] = value;
        return this;
    }

    internal FrameWriter UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Grow(2), value);
        return this;
    }

    internal FrameWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Grow(4), value);
        return this;
    }

    internal FrameWriter Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Grow(value.Length));
        return this;
    }

    internal FrameWriter Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var length = Math.Min(bytes.Length, MaxText);
        return UInt16((ushort)length).Bytes(bytes.AsSpan(0, length));
    }

    internal FrameWriter Address(SctpAddress address)
    {
        Byte((byte)(address.IsIPv4 ? 4 : address.IsIPv6 ? 6 : 0)).UInt32(address.ScopeId);
        if (address.IsIPv4 || address.IsIPv6)
        {
            address.WriteTo(Grow(address.IsIPv4 ? 4 : 16));
        }

        return this;
    }

    internal FrameWriter DataHeader(ushort stream, uint payloadProtocolId, DataFlags flags) =>
        UInt16(stream).Byte((byte)flags).Byte(0).UInt32(payloadProtocolId);

    /// <summary>The frame's bytes, until the next Start.</summary>
    internal ReadOnlyMemory<byte> Finish()
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes, _length - ServiceProtocol.HeaderSize);
        return _bytes.AsMemory(0, _length);
    }

    private Span<byte> Grow(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
