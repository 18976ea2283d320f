using System.Buffers.Binary;
using System.Text;
using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Service;

/// <summary>Takes a frame's body apart; bytes that are not there are a violation, not an exception of the runtime.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    internal byte Byte() => Take(1)[0];

    internal ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    internal uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    internal ReadOnlySpan<byte> Bytes(int count) => Take(count);

    internal readonly ReadOnlySpan<byte> Rest => _rest;

    internal string Text() => Encoding.UTF8.GetString(Take(UInt16()));

    /// <summary>Family (0: any, 4, 6), scope, address.</summary>
    internal SctpAddress Address()
    {
        var family = Byte();
        var scope = UInt32();
        return family switch
        {
            0 => default,
            4 => SctpAddress.FromBytes(Take(4)),
            6 => SctpAddress.FromBytes(Take(16), scope),
            _ => throw new ProtocolViolationException($"address family {family}"),
        };
    }

    internal readonly void Done()
    {
        if (!_rest.IsEmpty)
        {
            throw new ProtocolViolationException($"{_rest.Length} bytes too many in a frame");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new ProtocolViolationException("a frame is cut short");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
