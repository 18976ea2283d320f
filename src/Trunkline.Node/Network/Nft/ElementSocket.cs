using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Nft;

/// <summary>
/// Elements by nfnetlink, in the namespace of the thread that makes it: nothing to start, to parse or to list, so a change costs what the kernel needs for it.
/// </summary>
internal sealed class ElementSocket : IDisposable
{
    private const int AfNetlink = 16, SockRaw = 3, CloseOnExec = 0x80000, Netfilter = 12;
    private const int SolSocket = 1, ReceiveTimeout = 20, SendBufferForce = 32, SolNetlink = 270, CapAcknowledge = 10;
    private const ushort MessageError = 2, GetGeneration = 0xA10, NewGeneration = 0xA0F;
    private const int Interrupted = 4, Restart = 85;
    private readonly byte[] _answer = new byte[64 * 1024];
    private readonly int _descriptor;
    private int _sendBuffer;

    public ElementSocket()
    {
        _descriptor = NetlinkLibc.Socket(AfNetlink, SockRaw | CloseOnExec, Netfilter);
        if (_descriptor < 0)
        {
            throw new NetlinkException("open a netlink socket", Marshal.GetLastPInvokeError());
        }

        // A long transaction takes the kernel a while; should it not answer at all, an error is better than a thread that never comes back.
        _ = NetlinkLibc.SetOption(_descriptor, SolSocket, ReceiveTimeout, [30, 0], 16);
        _ = NetlinkLibc.SetOption(_descriptor, SolNetlink, CapAcknowledge, [1], 4);
    }

    public void Dispose() => _ = NetlinkLibc.Close(_descriptor);

    /// <summary>Number of the namespace's rules, which every transaction of anybody raises.</summary>
    public uint Generation()
    {
        Send(new NetlinkRequest("read the rules' generation", GetGeneration, 0, [0, 0, 0, 0]).Finish());
        uint generation = 0;
        Receive((type, _, body) =>
        {
            Throw("read the rules' generation", type, body);
            generation = type == NewGeneration ? BinaryPrimitives.ReadUInt32BigEndian(NetlinkAttributes.Find(body[4..], 1)) : 0;
            return true;
        });
        return generation;
    }

    /// <summary>One transaction on rules of that generation.</summary>
    public void Commit(IReadOnlyList<SetChange> changes, uint generation)
    {
        Send(ElementBatch.Write(changes, generation, out var last).Span);
        NetlinkException? failure = null;
        Receive((type, sequence, body) =>
        {
            var errno = Errno(type, body);
            failure ??= errno == 0 ? null : new NetlinkException(errno == Restart ? "the rules were changed by somebody else" : "change elements of the rules", errno);
            return sequence == last || sequence == 1; // the begin itself is refused where the generation is another
        });
        if (failure is not null)
        {
            throw new NftException(failure.Message, failure);
        }
    }

    private static int Errno(ushort type, ReadOnlySpan<byte> body) =>
        type == MessageError && body.Length >= 4 ? -BinaryPrimitives.ReadInt32LittleEndian(body) : 0;

    private static void Throw(string operation, ushort type, ReadOnlySpan<byte> body)
    {
        if (Errno(type, body) is not 0 and var errno)
        {
            throw new NetlinkException(operation, errno);
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        // The kernel takes a message only where the whole of it fits the socket's buffer.
        if (bytes.Length * 2 > _sendBuffer)
        {
            _sendBuffer = bytes.Length * 2;
            _ = NetlinkLibc.SetOption(_descriptor, SolSocket, SendBufferForce, [_sendBuffer], 4);
        }

        if (NetlinkLibc.Send(_descriptor, bytes, bytes.Length, 0) < 0)
        {
            throw new NetlinkException("send to nfnetlink", Marshal.GetLastPInvokeError());
        }
    }

    private delegate bool Handler(ushort type, uint sequence, ReadOnlySpan<byte> body);

    private void Receive(Handler isLast)
    {
        for (var done = false; !done;)
        {
            var read = NetlinkLibc.Receive(_descriptor, _answer, _answer.Length, 0);
            if (read < 0 && Marshal.GetLastPInvokeError() is not Interrupted and var errno)
            {
                throw new NetlinkException("read from nfnetlink", errno);
            }

            for (var left = _answer.AsSpan(0, (int)Math.Max(read, 0)); left.Length >= 16;)
            {
                var length = Math.Clamp((int)BinaryPrimitives.ReadUInt32LittleEndian(left), 16, left.Length);
                done |= isLast(BinaryPrimitives.ReadUInt16LittleEndian(left[4..]), BinaryPrimitives.ReadUInt32LittleEndian(left[8..]), left[16..length]);
                left = left[Math.Min((length + 3) & ~3, left.Length)..];
            }
        }
    }
}
