using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Flows;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.Tests.Network.Flows;

public sealed class PolicyCutterTests : IAsyncLifetime
{
    private static readonly LabelSelector s_server = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "server" } };
    private readonly FakeTimeProvider _time = new();
    private readonly Table _table = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PolicyCutter _cutter;
    private Task _work = Task.CompletedTask;

    public PolicyCutterTests() => _cutter = new PolicyCutter("worker-0", _table, _time, NullLogger.Instance);

    public ValueTask InitializeAsync()
    {
        _work = _cutter.RunAsync(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stop.Dispose();
    }

    [Fact]
    public async Task A_flow_that_enters_the_table_behind_the_first_look_is_found_by_the_second()
    {
        var (server, client) = (Pod("server", "10.128.2.1"), Pod("client", "10.128.2.2"));
        await LookAsync(Delta([server, client], [], [server, client]));
        var deny = new NetworkPolicy("x", "deny") { PodSelector = s_server };
        await LookAsync(Delta([], [deny], [server, client]));
        _table.Flows.Add(Flow("10.128.2.2", "10.128.2.1"));
        await SecondLookAsync(() => _table.Flows.Count == 0);
    }

    [Fact]
    public async Task Only_flows_of_those_whom_a_change_reaches_are_asked_for()
    {
        PolicyPod[] pods = [Pod("server", "10.128.2.1"), Pod("client", "10.128.2.2"), Pod("other", "10.128.2.3"), Pod("far", "10.128.4.1", "worker-1")];
        await LookAsync(Delta(pods, [], pods));
        Assert.Equal(1, _table.Lists);
        _table.Flows.AddRange([Flow("10.128.2.2", "10.128.2.1"), Flow("10.128.2.2", "10.128.2.3"), Flow("10.128.4.1", "10.128.2.1")]);
        await SecondLookAsync(() => _table.Lists == 2);

        // Who says the same as before, and who is only elsewhere, reaches nobody.
        _table.Asked.Clear();
        await LookAsync(Delta([pods[0] with { Labels = new Dictionary<string, string>(pods[0].Labels) }], [], pods));
        await LookAsync(Delta([], [new NetworkPolicy("y", "deny")], pods));
        Assert.Empty(_table.Asked);

        await LookAsync(Delta([], [new NetworkPolicy("x", "deny") { PodSelector = s_server }], pods));
        Assert.All(_table.Asked, filter => Assert.Equal(IPAddress.Parse("10.128.2.1"), filter.Source ?? filter.Destination ?? filter.Target));
        Assert.Equal([Flow("10.128.2.2", "10.128.2.3")], _table.Flows);
        Assert.Equal(2, _table.Lists);
    }

    [Fact]
    public async Task Many_flows_are_judged_as_few_are()
    {
        PolicyPod[] pods = [Pod("server", "10.128.2.1"), Pod("client", "10.128.2.2"), Pod("other", "10.128.2.3")];
        for (var port = 0; port < 1000; port++)
        {
            _table.Flows.Add(Flow("10.128.2.2", port % 2 == 0 ? "10.128.2.1" : "10.128.2.3", 1000 + port));
        }

        await LookAsync(Delta(pods, [new NetworkPolicy("x", "deny") { PodSelector = s_server }], pods));
        Assert.Equal(500, _table.Flows.Count);
        Assert.DoesNotContain(_table.Flows, flow => flow.Target.Equals(IPAddress.Parse("10.128.2.1")));
    }

    [Fact]
    public async Task What_could_not_be_looked_at_is_looked_at_again()
    {
        var (server, client) = (Pod("server", "10.128.2.1"), Pod("client", "10.128.2.2"));
        _table.Flows.Add(Flow("10.128.2.2", "10.128.2.1"));
        _table.Fails = true;
        await LookAsync(Delta([server, client], [new NetworkPolicy("x", "deny") { PodSelector = s_server }], [server, client]));
        Assert.Single(_table.Flows);
        _table.Fails = false;
        await SecondLookAsync(() => _table.Flows.Count == 0);
    }

    private static PolicyPod Pod(string name, string address, string node = "worker-0") => new("x", name)
    {
        Addresses = [IPAddress.Parse(address)],
        NodeName = node,
        Labels = new Dictionary<string, string> { ["app"] = name },
    };

    private static TrackedFlow Flow(string source, string target, int port = 5000) =>
        new(132, IPAddress.Parse(source), port, IPAddress.Parse(target), 30102, IPAddress.Parse(target), 30102);

    private bool _isFirst = true;

    private ClusterDelta Delta(IReadOnlyList<PolicyPod> changed, IReadOnlyList<NetworkPolicy> policies, IReadOnlyList<PolicyPod> all)
    {
        var isFirst = _isFirst;
        _isFirst = false;
        return new ClusterDelta(new Lazy<PolicyCluster>(() => new PolicyCluster([], all, policies)))
        {
            IsWhole = isFirst,
            Pods = [.. changed.Select(pod => new Change<PodRecord>(pod.Name, new PodRecord(pod.Name, pod)))],
            Policies = [.. policies.Select(policy => new Change<NetworkPolicy>($"{policy}", policy))],
        };
    }

    private async Task LookAsync(ClusterDelta delta)
    {
        _cutter.Post(delta);
        var settled = _cutter.SettledAsync();
        while (!settled.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private async Task SecondLookAsync(Func<bool> condition)
    {
        while (!condition())
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private sealed class Table : IConntrack
    {
        public List<TrackedFlow> Flows { get; } = [];

        public List<FlowFilter> Asked { get; } = [];

        public int Lists { get; private set; }

        public bool Fails { get; set; }

        public IReadOnlyList<TrackedFlow> List()
        {
            Lists++;
            return Fails ? throw new Trunkline.Node.Network.Netlink.NetlinkException("no room", 105) : [.. Flows];
        }

        public IReadOnlyList<TrackedFlow> List(FlowFilter filter)
        {
            Asked.Add(filter);
            return [.. Flows.Where(filter.Matches)];
        }

        public bool Remove(TrackedFlow flow) => Flows.Remove(flow);

        public bool Mark(TrackedFlow flow, uint bits) => false;
    }
}
