using Microsoft.Extensions.Logging.Abstractions;
using Trunkline.Node.Network;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Nft;
using Xunit;

namespace Trunkline.Node.Tests.Network;

public sealed class SynchronizerTests
{
    [Fact]
    public async Task A_refused_change_is_followed_by_everything_anew()
    {
        var nftables = new Recorder();
        var snapshot = new ClusterSnapshot(Sample.Cluster(), [], [], []);
        var synchronizer = new Synchronizer(
            Sample.Node, () => snapshot, nftables, new NoFlows(), (_, _) => { }, TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var work = synchronizer.RunAsync(stop.Token);
        await synchronizer.WaitAsync(TestContext.Current.CancellationToken);
        nftables.FailNext = true;
        snapshot = new ClusterSnapshot(Sample.Cluster(Sample.SameNamespace), [], [], []);
        await synchronizer.WaitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.Equal([true, false, true], nftables.Scripts.Select(script => script.Contains("flush table", StringComparison.Ordinal)));
        Assert.Contains("goto in_", nftables.Scripts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_told_that_rules_are_in_force_before_the_cluster_is_known()
    {
        var nftables = new Recorder();
        ClusterSnapshot? snapshot = null;
        var synchronizer = new Synchronizer(
            Sample.Node, () => snapshot, nftables, new NoFlows(), (_, _) => { }, TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var work = synchronizer.RunAsync(stop.Token);
        var ready = synchronizer.WaitAsync(TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(ready.IsCompleted);
        Assert.Empty(nftables.Scripts);
        snapshot = new ClusterSnapshot(Sample.Cluster(), [], [], []);
        synchronizer.Signal();
        await ready;
        Assert.Single(nftables.Scripts);
        await stop.CancelAsync();
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private sealed class Recorder : INftables
    {
        public List<string> Scripts { get; } = [];

        public bool FailNext { get; set; }

        public Task ApplyAsync(string script, CancellationToken cancellationToken)
        {
            Scripts.Add(script);
            var fails = FailNext;
            FailNext = false;
            return fails ? Task.FromException(new NftException("refused")) : Task.CompletedTask;
        }

        public Task<IReadOnlyList<ExistingObject>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ExistingObject>>([]);
    }

    private sealed class NoFlows : IConntrack
    {
        public IReadOnlyList<TrackedFlow> List() => [];

        public bool Remove(TrackedFlow flow) => false;
    }
}
