using System.Globalization;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>Two hosts on one wire, each in a network namespace of its own, and two service processes. All of it is gone afterwards.</summary>
internal sealed class TwoHosts : IAsyncDisposable
{
    // A run that was killed could not tidy up; the next one does it, and leaves runs alone that are still under way.
    private static readonly Lazy<Task> _leftovers = new(() => Shell.TryAsync(
        "for n in $(ls /run/netns | grep ^sctpit); do pid=${n#sctpit}; pid=${pid%%n*}; [ -d /proc/$pid ] || ip netns del $n; done"));
    private static int _count;
    private readonly string _directory;
    private readonly string _prefix;
    private readonly BadWire? _wire;

    private TwoHosts(string prefix, string directory, BadWire? wire)
    {
        (_prefix, _directory, _wire) = (prefix, directory, wire);
        A = new Host($"{prefix}a", Path.Combine(directory, "a"), "10.77.0.1", "fd77::1");
        B = new Host($"{prefix}b", Path.Combine(directory, "b"), "10.77.0.2", "fd77::2")
        {
            SocketDirectory = Path.Combine(directory, "b", "root", "run", "trunkline-sctp"),
        };
    }

    public Host A { get; }

    /// <summary>Its socket directory lies in what could be a container's root: <see cref="RootOfB"/>.</summary>
    public Host B { get; }

    public string RootOfB => Path.Combine(_directory, "b", "root");

    public BadWire? Wire => _wire;

    public static async Task<TwoHosts> CreateAsync(bool serviceA = true, bool serviceB = true, WireFaults? faults = null)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: namespaces and raw sockets");
        await _leftovers.Value;
        var prefix = string.Create(CultureInfo.InvariantCulture, $"sctpit{Environment.ProcessId}n{Interlocked.Increment(ref _count)}");
        var directory = Directory.CreateTempSubdirectory(prefix).FullName;
        Directory.CreateDirectory(Path.Combine(directory, "a"));
        Directory.CreateDirectory(Path.Combine(directory, "b"));
        TwoHosts? hosts = null;
        try
        {
            await Shell.DoAsync(Plan(prefix, faults is not null));
            hosts = new TwoHosts(prefix, directory, faults is null ? null : new BadWire($"/run/netns/{prefix}m", faults));
            await Task.WhenAll(serviceA ? hosts.A.StartServiceAsync() : Task.CompletedTask, serviceB ? hosts.B.StartServiceAsync() : Task.CompletedTask);
            return hosts;
        }
        catch
        {
            await (hosts?.DisposeAsync() ?? RemoveAsync(prefix, directory));
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        _wire?.Dispose();
        await RemoveAsync(_prefix, _directory);
    }

    // One wire is a veth pair; a bad one has a machine in the middle that passes frames on as it likes.
    private static string Plan(string prefix, bool bad)
    {
        var (a, b, m) = ($"{prefix}a", $"{prefix}b", $"{prefix}m");
        var links = bad
            ? $"ip netns add {m}; ip -n {a} link add eth0 type veth peer name wa netns {m}; ip -n {b} link add eth0 type veth peer name wb netns {m}\n"
                + $"for w in wa wb; do ip netns exec {m} sysctl -qw net.ipv6.conf.$w.disable_ipv6=1; ip -n {m} link set $w up; done\n"
            : $"ip -n {a} link add eth0 type veth peer name eth0 netns {b}\n";
        return $"ip netns add {a}; ip netns add {b}\n{links}" + Ends(a, 1, 2) + Ends(b, 2, 1) + Ready(a, 2) + Ready(b, 1);
    }

    // The neighbour is known from the start: the first solicitation on a fresh IPv6 link may go unheard, and the next one comes a second later.
    private static string Ends(string host, int own, int other) =>
        $"ip -n {host} link set lo up; ip -n {host} link set eth0 address 02:00:00:00:00:0{own}; ip -n {host} addr add 10.77.0.{own}/24 dev eth0; "
        + $"ip -n {host} addr add fd77::{own}/64 dev eth0 nodad; ip -n {host} link set eth0 up; "
        + $"ip -n {host} neigh replace fd77::{other} lladdr 02:00:00:00:00:0{other} dev eth0\n";

    // A link's IPv6 routes come a moment after its carrier.
    private static string Ready(string host, int other) =>
        $"for i in $(seq 100); do ip -n {host} -6 route get fd77::{other} 2>/dev/null | grep -q eth0 && ip -n {host} link show eth0 | grep -q LOWER_UP && break; sleep 0.02; done\n";

    private static async ValueTask RemoveAsync(string prefix, string directory)
    {
        await Shell.TryAsync($"for n in a b m; do ip netns del {prefix}$n 2>/dev/null || true; done");
        Directory.Delete(directory, recursive: true);
    }
}
