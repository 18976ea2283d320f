using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Transports.Native;

namespace Trunkline.Sctp.Transports;

/// <summary>SCTP straight over IP, both families, in one network namespace. Needs CAP_NET_RAW there, and CAP_SYS_ADMIN to enter another.</summary>
public sealed unsafe class RawIpTransport : IPacketTransport
{
    private readonly string? _namespacePath;
    private readonly Lock _wakeGate = new();
    private readonly bool[] _readable = new bool[4];
    private bool _looked;
    private int _wake;
    private NamespaceClaim? _claim;
    private RawSocket? _ipv4;
    private RawSocket? _ipv6;
    private IcmpSocket? _icmp;
    private IcmpSocket? _icmpv6;

    /// <param name="namespacePath">The network namespace (a file as /run/netns/NAME); null for the one of the calling thread.</param>
    public RawIpTransport(string? namespacePath = null)
    {
        _namespacePath = namespacePath;
        _wake = Libc.Check(Libc.EventFd(0, Libc.SockCloexec | Libc.SockNonblock), "eventfd");
    }

    public string Name => "raw IP";

    public void Open()
    {
        if (_namespacePath is not null)
        {
            NetworkNamespace.Enter(_namespacePath);
        }

        _claim = NamespaceClaim.Take();
        _ipv4 = new RawSocket(ipv4: true);
        _icmp = new IcmpSocket(ipv4: true);
        if (Path.Exists("/proc/net/if_inet6"))
        {
            _ipv6 = new RawSocket(ipv4: false);
            _icmpv6 = new IcmpSocket(ipv4: false);
        }
    }

    public bool Receive(SctpEndpoint endpoint, long now)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (!_looked)
        {
            // Without the wake-up call: one that came in the middle of a turn must still end the next Wait.
            Look(0, wakes: false);
        }

        // One question to the kernel instead of a read of each socket that finds nothing.
        _looked = false;
        var more = _readable[0] && _ipv4!.Receive(endpoint, now);
        more |= _readable[1] && _icmp!.Receive(endpoint, now);
        more |= _readable[2] && _ipv6!.Receive(endpoint, now);
        return more | (_readable[3] && _icmpv6!.Receive(endpoint, now));
    }

    public void Send(DatagramBatch batch, SctpEndpoint endpoint, long now)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(endpoint);
        for (var start = 0; start < batch.Count;)
        {
            var end = start + 1;
            while (end < batch.Count && batch[end].Destination.IsIPv4 == batch[start].Destination.IsIPv4
                && batch[end].DontFragment == batch[start].DontFragment)
            {
                end++;
            }

            (batch[start].Destination.IsIPv4 ? _ipv4 : _ipv6)?.Send(batch, start, end, endpoint, now);
            start = end;
        }
    }

    public void Wait(int milliseconds)
    {
        Look(milliseconds, wakes: true);
        _looked = true;
    }

    public void Wake()
    {
        ulong one = 1;
        lock (_wakeGate)
        {
            // Closed means that the number may be another file's by now.
            if (_wake >= 0)
            {
                _ = Libc.Write(_wake, &one, sizeof(ulong));
            }
        }
    }

    public SctpAddress SelectSource(SctpAddress destination) => RouteProbe.SelectSource(destination);

    public bool IsLocal(SctpAddress address) => RouteProbe.IsLocal(address);

    public void Dispose()
    {
        _ipv4?.Dispose();
        _ipv6?.Dispose();
        _icmp?.Dispose();
        _icmpv6?.Dispose();
        _claim?.Dispose();
        lock (_wakeGate)
        {
            if (_wake >= 0)
            {
                _ = Libc.Close(_wake);
                _wake = -1;
            }
        }
    }

    /// <summary>Waits at most so long, and notes which sockets have something.</summary>
    private void Look(int milliseconds, bool wakes)
    {
        var polls = stackalloc PollDescriptor[5];
        polls[0] = Readable(_ipv4!.Descriptor);
        polls[1] = Readable(_icmp!.Descriptor);
        polls[2] = Readable(_ipv6?.Descriptor ?? -1);
        polls[3] = Readable(_icmpv6?.Descriptor ?? -1);
        polls[4] = Readable(wakes ? _wake : -1);
        var found = Libc.Poll(polls, 5, milliseconds);
        for (var i = 0; i < _readable.Length; i++)
        {
            // An error is cleared by reading, too.
            _readable[i] = found > 0 && polls[i].Happened != 0;
        }

        if (found > 0 && polls[4].Happened != 0)
        {
            ulong count;
            _ = Libc.Read(_wake, &count, sizeof(ulong));
        }
    }

    private static PollDescriptor Readable(int descriptor) => new() { Descriptor = descriptor, Wanted = Libc.PollIn };
}
