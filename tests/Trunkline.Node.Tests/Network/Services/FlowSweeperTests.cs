using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Trunkline.Node.Network.Flows;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.Tests.Network.Services;

/// <summary>When flows are forgotten, by a clock that the test moves: at once, and once more for what was on its way.</summary>
public sealed class FlowSweeperTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Table _table = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly FlowSweeper _sweeper;
    private readonly Task _work;

    public FlowSweeperTests()
    {
        _sweeper = new FlowSweeper(Sample.Node, _table, _time, NullLogger.Instance);
        _work = Task.Run(() => _sweeper.RunAsync(_stop.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [Fact]
    public async Task Stale_flows_go_before_the_clock_has_moved_and_what_came_meanwhile_within_a_fifth_of_a_second()
    {
        var stale = Flow("172.30.0.10", "10.128.2.5", 1);
        _table.Add(stale);
        _sweeper.Post([new FrontendFlows(stale.Destination, TransportProtocol.Sctp, 30102, [], [])]);
        await UntilAsync(() => _table.Count == 0); // the clock stands still
        await UntilAsync(() => _table.Asked >= 1);
        _table.Add(stale);
        while (_table.Count > 0)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("172.30.0.99", "10.128.2.5", true)] // a Service that is gone
    [InlineData("172.30.0.99", "192.168.126.12", true)] // its endpoint was a node's
    [InlineData("192.168.126.230", "10.128.2.5", true)] // a load balancer's address
    [InlineData("172.30.0.10", "10.128.2.5", false)] // still a frontend
    [InlineData("10.128.2.5", "10.128.2.5", false)] // not translated
    [InlineData("192.168.126.230", "192.168.126.12", false)] // somebody else's translation
    public async Task At_the_first_look_translated_flows_to_no_frontend_are_strangers(string destination, string target, bool goes)
    {
        _table.Add(Flow(destination, target, 1));
        _table.Add(Flow("172.30.0.77", "10.128.2.5", 2)); // the sentinel
        _sweeper.PostStrangers(["172.30.0.10 . sctp . 30102"]);
        while (_table.Has(2))
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await UntilAsync(() => _table.Has(1) != goes);
    }

    [Fact]
    public async Task A_kernel_without_room_is_asked_again()
    {
        _table.Fails = true;
        _table.Add(Flow("172.30.0.77", "10.128.2.5", 2));
        _sweeper.PostStrangers([]);
        _sweeper.Post([new FrontendFlows(IPAddress.Parse("172.30.0.1"), TransportProtocol.Sctp, 1, [], [])]);
        while (_table.Asked < 4)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        _table.Fails = false;
        while (_table.Count > 0)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private static TrackedFlow Flow(string destination, string target, int port) =>
        new(132, IPAddress.Parse("10.128.2.9"), port, IPAddress.Parse(destination), 30102, IPAddress.Parse(target), 30102);

    private sealed class Table : IConntrack
    {
        private readonly Lock _lock = new();
        private readonly List<TrackedFlow> _flows = [];
        private int _asked;

        public bool Fails { get; set; }

        public int Asked => Volatile.Read(ref _asked);

        public int Count
        {
            get
            {
                lock (_lock)
                {
                    return _flows.Count;
                }
            }
        }

        public bool Has(int port)
        {
            lock (_lock)
            {
                return _flows.Any(flow => flow.SourcePort == port);
            }
        }

        public void Add(TrackedFlow flow)
        {
            lock (_lock)
            {
                _flows.Add(flow);
            }
        }

        public IReadOnlyList<TrackedFlow> List()
        {
            Interlocked.Increment(ref _asked);
            if (Fails)
            {
                throw new Trunkline.Node.Network.Netlink.NetlinkException("no room");
            }

            lock (_lock)
            {
                return [.. _flows];
            }
        }

        public bool Mark(TrackedFlow flow, uint bits) => false;

        public bool Remove(TrackedFlow flow)
        {
            lock (_lock)
            {
                return _flows.Remove(flow);
            }
        }
    }
}
