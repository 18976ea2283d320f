using System.Runtime.InteropServices;

namespace Trunkline.Sctp.Transports.Native;

/// <summary>
/// What recvmmsg and sendmmsg work on, outside the managed heap: headers, iovecs, addresses, control data and (for receiving) buffers of
/// the largest IP packet. Pages never written are never resident, so large buffers cost nothing until a large packet comes.
/// </summary>
internal sealed unsafe class MessageVector : IDisposable
{
    internal const int ControlSize = 64;
    private readonly MultiMessageHeader* _headers;
    private readonly IoVector* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly byte* _buffers;
    private readonly int _bufferSize;
    private bool _disposed;

    internal MessageVector(int capacity, int bufferSize)
    {
        Capacity = capacity;
        _bufferSize = bufferSize;
        _headers = (MultiMessageHeader*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(MultiMessageHeader));
        _vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(IoVector));
        _names = (byte*)NativeMemory.AllocZeroed((nuint)capacity, SocketAddressBytes.Size);
        _controls = (byte*)NativeMemory.AllocZeroed((nuint)capacity, ControlSize);
        _buffers = bufferSize > 0 ? (byte*)NativeMemory.Alloc((nuint)capacity, (nuint)bufferSize) : null;
        for (var i = 0; i < capacity; i++)
        {
            _vectors[i] = new IoVector { Base = _buffers + ((nint)i * bufferSize), Length = (nuint)bufferSize };
            _headers[i].Name = _names + (i * SocketAddressBytes.Size);
            _headers[i].Vectors = _vectors + i;
            _headers[i].VectorCount = 1;
        }
    }

    ~MessageVector() => Free();

    internal int Capacity { get; }

    internal MultiMessageHeader* Headers => _headers;

    internal Span<byte> Name(int index) => new(_names + (index * SocketAddressBytes.Size), SocketAddressBytes.Size);

    internal Span<byte> Control(int index) => new(_controls + (index * ControlSize), ControlSize);

    internal ReadOnlySpan<byte> Received(int index) =>
        new(_buffers + ((nint)index * _bufferSize), (int)Math.Min(_headers[index].Transferred, (uint)_bufferSize));

    internal bool IsTruncated(int index) => (_headers[index].Flags & Libc.MsgTrunc) != 0;

    /// <summary>Lengths are in and out for the kernel: each receive starts from whole buffers again.</summary>
    internal void PrepareReceive()
    {
        for (var i = 0; i < Capacity; i++)
        {
            _headers[i].NameLength = SocketAddressBytes.Size;
            _headers[i].Control = _controls + (i * ControlSize);
            _headers[i].ControlLength = ControlSize;
            _headers[i].Flags = 0;
        }
    }

    /// <summary>The bytes must be pinned, or outside the managed heap, until they are sent.</summary>
    internal void PrepareSend(int index, ReadOnlySpan<byte> pinned, uint nameLength, int controlLength)
    {
        _vectors[index] = new IoVector
        {
            Base = System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned)),
            Length = (nuint)pinned.Length,
        };
        _headers[index].NameLength = nameLength;
        _headers[index].Control = controlLength == 0 ? null : _controls + (index * ControlSize);
        _headers[index].ControlLength = (nuint)controlLength;
        _headers[index].Flags = 0;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_buffers);
    }
}
