using System.Runtime.InteropServices;
using Trunkline.Sctp.Transports;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>
/// A wire with faults, as this machine's kernel has no netem: a thread in the middle namespace takes Ethernet frames from one side and passes
/// them on to the other, or loses, doubles, delays or corrupts them. What is not SCTP passes unharmed.
/// </summary>
internal sealed unsafe partial class BadWire : IDisposable
{
    private const int AfPacket = 17, SockRaw = 3, SockCloexec = 0x80000, AllProtocols = 3, SolPacket = 263, IgnoreOutgoing = 23, LateByMilliseconds = 8;
    private readonly WireFaults _faults;
    private readonly Random _random;
    private readonly PriorityQueue<(int Side, byte[] Frame), long> _late = new();
    private readonly Thread _thread;
    private readonly TaskCompletionSource _opened = new();
    private volatile bool _stopped;

    public BadWire(string netns, WireFaults faults)
    {
        _faults = faults;
        _random = new Random(faults.Seed);
        _thread = new Thread(() => Run(netns)) { IsBackground = true, Name = "bad wire" };
        _thread.Start();
        _opened.Task.GetAwaiter().GetResult();
    }

    public int Lost { get; private set; }

    public int Doubled { get; private set; }

    public int Delayed { get; private set; }

    public int Corrupted { get; private set; }

    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
    }

    private void Run(string netns)
    {
        Span<int> sides = stackalloc int[2];
        try
        {
            NetworkNamespace.Enter(netns);
            sides[0] = Open("wa");
            sides[1] = Open("wb");
            _opened.SetResult();
        }
        catch (Exception failed)
        {
            _opened.SetException(failed);
            return;
        }

        while (!_stopped)
        {
            Turn(sides);
        }

        _ = Close(sides[0]);
        _ = Close(sides[1]);
    }

    private void Turn(Span<int> sides)
    {
        var polls = stackalloc Poll[2] { new Poll { Descriptor = sides[0], Wanted = 1 }, new Poll { Descriptor = sides[1], Wanted = 1 } };
        _ = PollAll(polls, 2, _late.Count > 0 ? 1 : 50);
        var buffer = stackalloc byte[65536];
        for (var side = 0; side < 2; side++)
        {
            nint length;
            for (var burst = 0; burst < 64 && (length = Receive(sides[side], buffer, 65536, 0x40)) > 0; burst++)
            {
                Pass(sides, 1 - side, new ReadOnlySpan<byte>(buffer, (int)length));
            }
        }

        while (_late.TryPeek(out var held, out var due) && due <= Environment.TickCount64)
        {
            _late.Dequeue();
            Send(sides[held.Side], held.Frame);
        }
    }

    private void Pass(Span<int> sides, int to, ReadOnlySpan<byte> frame)
    {
        if (!IsSctp(frame))
        {
            Send(sides[to], frame);
            return;
        }

        if (Happens(_faults.Lost))
        {
            Lost++;
            return;
        }

        if (Happens(_faults.Late))
        {
            Delayed++;
            _late.Enqueue((to, frame.ToArray()), Environment.TickCount64 + 1 + _random.Next(LateByMilliseconds));
            return;
        }

        if (Happens(_faults.Corrupted))
        {
            Corrupted++;
            var changed = frame.ToArray();
            changed[^(1 + _random.Next(12))] ^= (byte)(1 << _random.Next(8));
            Send(sides[to], changed);
            return;
        }

        Send(sides[to], frame);
        if (Happens(_faults.Doubled))
        {
            Doubled++;
            Send(sides[to], frame);
        }
    }

    private bool Happens(int thousandths) => thousandths > 0 && _random.Next(1000) < thousandths;

    private static bool IsSctp(ReadOnlySpan<byte> frame) => frame.Length > 54
        && ((frame[12] == 8 && frame[13] == 0 && frame[23] == 132) || (frame[12] == 0x86 && frame[13] == 0xdd && frame[20] == 132));

    private static int Open(string link)
    {
        var descriptor = OpenSocket(AfPacket, SockRaw | SockCloexec, 0);
        var one = 1;
        _ = SetOption(descriptor, SolPacket, IgnoreOutgoing, &one, sizeof(int));
        var address = stackalloc byte[20];
        new Span<byte>(address, 20).Clear();
        address[0] = AfPacket;
        address[3] = AllProtocols;
        *(int*)(address + 4) = InterfaceIndex(link);
        return Bind(descriptor, address, 20) == 0 ? descriptor : throw new IOException($"cannot open {link}: errno {Marshal.GetLastPInvokeError()}");
    }

    private static void Send(int descriptor, ReadOnlySpan<byte> frame)
    {
        fixed (byte* bytes = frame)
        {
            _ = SendBytes(descriptor, bytes, (nuint)frame.Length, 0);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int descriptor, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int descriptor, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int InterfaceIndex(string name);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint SendBytes(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int PollAll(Poll* polls, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
