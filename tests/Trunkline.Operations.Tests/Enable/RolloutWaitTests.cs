using Microsoft.Extensions.Time.Testing;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Enable;
using Trunkline.Operations.Platforms;
using Xunit;

namespace Trunkline.Operations.Tests.Enable;

/// <summary>The wait against a Machine Config Operator that is simulated state by state, under a fake clock.</summary>
public sealed class RolloutWaitTests
{
    private const string Old = SimulatedOperator.Old;
    private const string New = SimulatedOperator.New;
    private static readonly TimeSpan s_long = TimeSpan.FromDays(100);
    private readonly FakeTimeProvider _time = new();
    private readonly HeardModule _heard = new();

    [Fact]
    public async Task Nothing_but_the_pools_own_end_ends_the_wait()
    {
        var mco = new SimulatedOperator(["w-0", "w-1"],
            _ => { }, // the MachineConfig exists, all is Ready and "Updated" (of the old): whoever waits for Ready stops here
            m => m.Pool(New, Old, updated: true), // rendered, and the condition is not yet taken back
            m => m.Pool(New, Old, updated: false),
            m => m.Node("w-0", Old, New, "Working", cordoned: true),
            m => m.Node("w-0", Old, New, "Working", ready: false, cordoned: true),
            m => m.Node("w-0", Old, New, "Working", ready: true, cordoned: true), // Ready again, before the daemon has said that it is done
            m => m.Node("w-0", New, New, "Done"),
            m => m.Node("w-1", Old, New, "Working", ready: false, cordoned: true),
            m => m.Node("w-1", New, New, "Done", cordoned: true), // still cordoned
            m => m.Pool(New, New, updated: true), // the pool says so a moment before the node takes work again
            m => m.Node("w-1", New, New));
        Assert.Null(await WaitAsync(mco, s_long));
        Assert.Equal(12, mco.Looks);
        Assert.All(_heard.Tables.SkipLast(1), table => Assert.False(table.Done));
        Assert.Equal("the operator has not rendered it yet", _heard.Tables[1].Pools[0].Phase);
        Assert.Equal($"1 of 2 nodes have {New}", _heard.Tables[7].Pools[0].Phase);
    }

    [Fact]
    public async Task What_is_done_already_ends_it_at_once()
    {
        var mco = new SimulatedOperator([], m => m.Pool(New, New, updated: true));
        await mco.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Null(await WaitAsync(mco, s_long));
        Assert.Equal(2, mco.Looks);
    }

    [Fact]
    public async Task A_degraded_node_ends_it_with_the_nodes_own_words()
    {
        var mco = new SimulatedOperator(["w-0", "w-1"],
            m => m.Pool(New, Old, updated: false),
            m => m.Pool(New, Old, updated: false, degraded: "Node w-0 is reporting: disk full"));
        var why = await WaitAsync(mco, s_long);
        Assert.Contains("pool worker is NodeDegraded", why, StringComparison.Ordinal);
        Assert.Contains("Node w-0 is reporting: disk full", why, StringComparison.Ordinal);
        Assert.Equal(3, mco.Looks);
    }

    [Fact]
    public async Task A_pool_that_is_paused_midway_is_not_waited_for()
    {
        var mco = new SimulatedOperator(["w-0"], m => m.Pool(New, Old, updated: false), m => m.Pool(New, Old, updated: false, paused: true));
        Assert.Contains("pool worker is paused", await WaitAsync(mco, s_long), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_that_is_deleted_midway_is_not_waited_for() =>
        Assert.Contains("no longer there", await WaitAsync(new SimulatedOperator(["w-0"], m => m.NoPool()), s_long), StringComparison.Ordinal);

    [Fact]
    public async Task Interrupted_and_run_again_it_goes_on_from_where_the_cluster_is()
    {
        using var stop = new CancellationTokenSource();
        var mco = new SimulatedOperator(["w-0"],
            m => m.Pool(New, Old, updated: false),
            m =>
            {
                m.Node("w-0", Old, New, "Working", ready: false, cordoned: true);
                stop.Cancel();
            },
            m => m.Node("w-0", New, New),
            m => m.Pool(New, New, updated: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitAsync(mco, s_long, stop: stop));
        Assert.Equal(3, mco.Looks);
        Assert.Null(await WaitAsync(mco, s_long));
        Assert.Equal(5, mco.Looks);
    }

    [Fact]
    public async Task At_the_end_of_its_patience_it_says_where_things_stand()
    {
        var mco = new SimulatedOperator(["w-0", "w-1"], m => m.Pool(New, Old, updated: false), m => m.Node("w-1", Old, New, "Working", ready: false, cordoned: true));
        var why = await WaitAsync(mco, TimeSpan.FromMinutes(10));
        Assert.Contains("not done after 10 min", why, StringComparison.Ordinal);
        Assert.Contains($"pool worker: 0 of 2 nodes have {New}, w-1 is not Ready", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_API_that_goes_with_its_node_is_waited_for()
    {
        var mco = new SimulatedOperator(["sno"], m => m.Pool(New, Old, updated: false), m => m.Node("sno", New, New), m => m.Pool(New, New, updated: true));
        var asked = 0;
        var wait = new RolloutWait(cancel => ++asked is 3 or 4 or 5 ? throw new ClusterException("https://sno:6443 cannot be reached.") : mco.ReadAsync(cancel), _heard, _time);
        Assert.Null(await _time.RunAsync(wait.RunAsync(Plan(off: false), s_long, TestContext.Current.CancellationToken)));
        Assert.Equal(7, asked);
        Assert.Single(_heard.Lines);
    }

    [Fact]
    public async Task Switched_off_the_configuration_without_it_is_waited_for()
    {
        var mco = new SimulatedOperator(["w-0"],
            m => m.Pool(New, New, updated: true), // as it was while SCTP was on
            m => m.Node("w-0", New, New),
            m => m.Pool("rendered-worker-2", New, updated: true),
            m => m.Pool("rendered-worker-2", New, updated: false),
            m => m.Node("w-0", "rendered-worker-2", "rendered-worker-2"),
            m => m.Pool("rendered-worker-2", "rendered-worker-2", updated: true));
        await mco.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Null(await WaitAsync(mco, s_long, off: true));
        Assert.Equal(7, mco.Looks);
    }

    private Task<string?> WaitAsync(SimulatedOperator mco, TimeSpan timeout, bool off = false, CancellationTokenSource? stop = null) =>
        _time.RunAsync(new RolloutWait(mco.ReadAsync, _heard, _time).RunAsync(Plan(off), timeout, stop?.Token ?? TestContext.Current.CancellationToken));

    private static ModulePlan Plan(bool off) => new()
    {
        Platform = new ClusterPlatform(PlatformKind.OpenShift, "OpenShift", ControlPlaneTopology.Separate, []),
        Method = ModuleMethod.MachineConfig,
        Off = off,
        Pools = [new PoolPlan("worker", ["mine"], Done: false, Changes: true, Drains: true, AtOnce: 1, ["w-0", "w-1"])],
    };
}
