using System.Buffers.Binary;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Trunkline.Node.Network.Netlink;

/// <summary>
/// A netlink socket of the namespace of the thread that opens it. One request at a time; answers arrive within microseconds. What is left of an exchange that ended early
/// is known by its number, and is nobody's answer.
/// </summary>
internal sealed class NetlinkSocket : IDisposable
{
    public const int Route = 0, Netfilter = 12;
    private const int AfNetlink = 16, SockRaw = 3, CloseOnExec = 0x80000, SolSocket = 1, ReceiveTimeout = 20, Interrupted = 4, TryAgain = 11, NoRoom = 105;
    private const ushort MessageError = 2, MessageDone = 3;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _descriptor;
    private uint _sequence;

    /// <param name="protocol">Which part of the kernel.</param>
    /// <param name="patienceSeconds">How long one read waits.</param>
    public NetlinkSocket(int protocol, int patienceSeconds = 5)
    {
        _descriptor = NetlinkLibc.Socket(AfNetlink, SockRaw | CloseOnExec, protocol);
        if (_descriptor < 0)
        {
            throw new NetlinkException("open a netlink socket", Marshal.GetLastPInvokeError());
        }

        // The kernel answers at once; should it not, an error is better than a thread that never comes back.
        _ = NetlinkLibc.SetOption(_descriptor, SolSocket, ReceiveTimeout, [patienceSeconds, 0], 16);
    }

    public delegate void Handler(ushort type, ReadOnlySpan<byte> body);

    /// <summary>Does one thing and waits for the kernel's acknowledgement.</summary>
    public void Do(NetlinkRequest request) => Exchange(request, null);

    /// <summary>As <see cref="Do"/>; false where the kernel says one of the given errors.</summary>
    public bool Try(NetlinkRequest request, params ReadOnlySpan<int> harmless)
    {
        try
        {
            Exchange(request, null);
            return true;
        }
        catch (NetlinkException exception) when (Contains(harmless, exception.Errno))
        {
            return false;
        }
    }

    /// <summary>Asks for a list and hands every message of it on. Where a handler throws, the rest is read and dropped first: a socket has one list at a time.</summary>
    public void List(NetlinkRequest request, Handler handler)
    {
        Exception? failure = null;
        Exchange(request, Guarded);
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        void Guarded(ushort type, ReadOnlySpan<byte> body)
        {
            try
            {
                if (failure is null)
                {
                    handler(type, body);
                }
            }
#pragma warning disable CA1031 // kept, and thrown when the list has been read
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = exception;
            }
        }
    }

    /// <summary>Hands on what the kernel sends unasked. Returns after one read, also where nothing came in time, and where more came than there was room for.</summary>
    public void Receive(Handler handler)
    {
        var read = NetlinkLibc.Receive(_descriptor, _buffer, _buffer.Length, 0);
        if (read < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno is not (Interrupted or TryAgain or NoRoom))
            {
                throw new NetlinkException("read what the kernel sends", errno);
            }

            return;
        }

        var left = _buffer.AsSpan(0, (int)read);
        while (left.Length >= 16 && BinaryPrimitives.ReadUInt32LittleEndian(left) is >= 16 and var length && length <= left.Length)
        {
            handler(BinaryPrimitives.ReadUInt16LittleEndian(left[4..]), left[16..(int)length]);
            left = left[Math.Min(((int)length + 3) & ~3, left.Length)..];
        }
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            _ = NetlinkLibc.Close(_descriptor);
            _descriptor = -1;
        }
    }

    private static bool Contains(ReadOnlySpan<int> errors, int errno) => errors.Contains(errno);

    private void Exchange(NetlinkRequest request, Handler? handler)
    {
        var bytes = request.Finish(++_sequence);
        if (NetlinkLibc.Send(_descriptor, bytes, bytes.Length, 0) < 0)
        {
            throw new NetlinkException(request.Operation, Marshal.GetLastPInvokeError());
        }

        while (!ReadBatch(request, handler))
        {
        }
    }

    private bool ReadBatch(NetlinkRequest request, Handler? handler)
    {
        var read = NetlinkLibc.Receive(_descriptor, _buffer, _buffer.Length, 0);
        if (read < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            return errno == Interrupted ? false : throw new NetlinkException(request.Operation, errno);
        }

        var left = _buffer.AsSpan(0, (int)read);
        while (left.Length >= 16)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(left);
            if (length < 16 || length > left.Length)
            {
                throw new NetlinkException($"{request.Operation}: a message of the kernel was cut off");
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(left[8..]) == _sequence)
            {
                var type = BinaryPrimitives.ReadUInt16LittleEndian(left[4..]);
                if (Ends(request, type, left[16..length]))
                {
                    return true;
                }

                handler?.Invoke(type, left[16..length]);
            }

            left = left[Math.Min((length + 3) & ~3, left.Length)..];
        }

        return false;
    }

    private static bool Ends(NetlinkRequest request, ushort type, ReadOnlySpan<byte> body)
    {
        if (type is not (MessageError or MessageDone))
        {
            return false;
        }

        var errno = body.Length >= 4 ? -BinaryPrimitives.ReadInt32LittleEndian(body) : 0;
        return errno > 0 ? throw new NetlinkException(request.Operation, errno) : true;
    }
}
