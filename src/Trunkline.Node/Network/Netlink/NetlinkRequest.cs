using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Net;
using System.Text;

namespace Trunkline.Node.Network.Netlink;

/// <summary>Writes one netlink message: header, fixed part, attributes (nested ones too). Host byte order, four-byte alignment (RFC 3549 section 2.3).</summary>
internal sealed class NetlinkRequest
{
    public const ushort Acknowledge = 4, Replace = 0x100, Exclusive = 0x200, Create = 0x400, Dump = 0x300;
    private const ushort Request = 1;
    private const int SequenceAt = 8;
    private const ushort Nested = 0x8000;
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public NetlinkRequest(string operation, ushort type, int flags, ReadOnlySpan<byte> body)
    {
        Operation = operation;
        Span<byte> header = stackalloc byte[16];
        header.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)(Request | flags));
        BinaryPrimitives.WriteUInt32LittleEndian(header[SequenceAt..], 1);
        _bytes.Write(header);
        _bytes.Write(body);
        Pad();
    }

    /// <summary>What is being done, for the words of a failure.</summary>
    public string Operation { get; }

    // Lengths are known last and stand first.
    private Span<byte> Written => MemoryMarshal.AsMemory(_bytes.WrittenMemory).Span;

    public NetlinkRequest Add(int type, ReadOnlySpan<byte> value)
    {
        Span<byte> header = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)type);
        _bytes.Write(header);
        _bytes.Write(value);
        Pad();
        return this;
    }

    public NetlinkRequest Add(int type, string text) => Add(type, [.. Encoding.UTF8.GetBytes(text), 0]);

    public NetlinkRequest Add(int type, IPAddress address) => Add(type, address.GetAddressBytes());

    public NetlinkRequest Add(int type, int number)
    {
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(value, number);
        return Add(type, value);
    }

    public NetlinkRequest Nest(int type, Action<NetlinkRequest> content)
    {
        var start = _bytes.WrittenCount;
        Add(type | Nested, []);
        content(this);
        BinaryPrimitives.WriteUInt16LittleEndian(Written[start..], (ushort)(_bytes.WrittenCount - start));
        return this;
    }

    /// <summary>Raw bytes inside a nest: the fixed part of an inner message (a veth's peer).</summary>
    public NetlinkRequest Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        Pad();
        return this;
    }

    /// <summary>The whole message.</summary>
    /// <param name="sequence">The number that its answers will bear.</param>
    public ReadOnlySpan<byte> Finish(uint sequence = 1)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Written[SequenceAt..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(Written, (uint)_bytes.WrittenCount);
        return _bytes.WrittenSpan;
    }

    private void Pad()
    {
        while (_bytes.WrittenCount % 4 != 0)
        {
            _bytes.Write<byte>([0]);
        }
    }
}
