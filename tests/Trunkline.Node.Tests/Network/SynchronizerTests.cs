using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Trunkline.Node.Network;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Nft;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.Tests.Network;

public sealed class SynchronizerTests : IAsyncLifetime
{
    private readonly Recorder _nftables = new();
    private readonly Source _source = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Synchronizer _synchronizer;
    private Task _work = Task.CompletedTask;
    private int _routed;

    public SynchronizerTests() =>
        _synchronizer = new Synchronizer(Sample.Node, _source, _nftables, new NoFlows(), (_, _) => Interlocked.Increment(ref _routed), _time, NullLogger.Instance);

    public ValueTask InitializeAsync()
    {
        _work = _synchronizer.RunAsync(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stop.Dispose();
    }

    [Fact]
    public async Task A_change_is_elements_between_what_they_need_and_what_nobody_needs()
    {
        await ApplyAsync(Sample.Cluster());
        _nftables.Written.Clear();
        await ApplyAsync(Sample.Cluster(Sample.SameNamespace));
        Assert.Collection(
            _nftables.Written,
            first => Assert.Contains("add chain inet trunkline in_", first, StringComparison.Ordinal),
            second => Assert.Contains("goto in_", second, StringComparison.Ordinal));
        _nftables.Written.Clear();
        await ApplyAsync(Sample.Cluster());
        Assert.Contains("10.128.2.5 : 1", Assert.Single(_nftables.Written), StringComparison.Ordinal); // what may be needed again soon is kept
        await ApplyAsync(Sample.Cluster([.. Enumerable.Range(1, 1100).Select(Sample.AllowPort)]));
        _nftables.Written.Clear();
        await ApplyAsync(Sample.Cluster());
        Assert.Collection(
            _nftables.Written,
            first => Assert.Contains("10.128.2.5 : 1", first, StringComparison.Ordinal),
            second => Assert.Contains("delete chain inet trunkline in_", second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Routes_are_put_right_at_each_look_and_not_at_each_change()
    {
        await ApplyAsync(Sample.Cluster());
        _source.TellsNodes = false;
        await ApplyAsync(Sample.Cluster(Sample.SameNamespace));
        Assert.Equal(1, _routed);
        _time.Advance(TimeSpan.FromSeconds(10));
        await ApplyAsync(Sample.Cluster());
        Assert.Equal(2, _routed);
    }

    [Fact]
    public async Task A_refused_change_is_followed_by_everything_anew()
    {
        await ApplyAsync(Sample.Cluster());
        _nftables.FailNext = true;
        var applied = ApplyAsync(Sample.Cluster(Sample.SameNamespace));
        await PatientlyAsync(applied);
        Assert.Contains("flush table", _nftables.Written[^1], StringComparison.Ordinal);
        Assert.Contains("goto in_", _nftables.Written[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_that_somebody_else_changed_are_written_anew()
    {
        await ApplyAsync(Sample.Cluster());
        Assert.DoesNotContain(_nftables.Written, script => script.Contains("flush table", StringComparison.Ordinal));
        _nftables.Changes++;
        await ApplyAsync(Sample.Cluster(Sample.SameNamespace));
        Assert.Contains("flush table", _nftables.Written[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_that_somebody_changed_are_mended_though_the_cluster_stays_as_it_is()
    {
        await ApplyAsync(Sample.Cluster());
        _nftables.Changes++;
        while (!_nftables.Written[^1].Contains("flush table", StringComparison.Ordinal))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    // Between two transactions of ours, or behind the last: adopting it would leave what it broke broken.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Rules_that_somebody_changes_while_a_change_is_written_are_written_anew(int after)
    {
        await ApplyAsync(Sample.Cluster());
        _nftables.Written.Clear();
        _nftables.ChangeByHandAfter = after;
        await PatientlyAsync(ApplyAsync(Sample.Cluster(Sample.SameNamespace)));
        while (!_nftables.Written.Any(script => script.Contains("flush table", StringComparison.Ordinal)))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        // And with that there is an end of it.
        _nftables.Written.Clear();
        await PatientlyAsync(ApplyAsync(Sample.Cluster()));
        Assert.DoesNotContain(_nftables.Written, script => script.Contains("flush table", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_is_told_that_rules_are_in_force_before_the_cluster_is_known()
    {
        var ready = _synchronizer.WaitAsync(TestContext.Current.CancellationToken);
        while (_source.Asked == 0)
        {
            await Task.Yield();
        }

        Assert.False(ready.IsCompleted);
        Assert.Empty(_nftables.Written);
        await ApplyAsync(Sample.Cluster());
        await ready;
        Assert.NotEmpty(_nftables.Written);
    }

    private async Task PatientlyAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await task;
    }

    private Task ApplyAsync(PolicyCluster cluster)
    {
        _source.Cluster = cluster;
        return _synchronizer.WaitAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Source : IClusterSource
    {
        public PolicyCluster? Cluster { get; set; }

        public bool TellsNodes { get; set; } = true;

        public int Asked { get; private set; }

        public ClusterDelta? Take()
        {
            Asked++;
            return Cluster is { } cluster ? Sample.Delta(cluster) with { Nodes = TellsNodes ? Sample.Delta(cluster).Nodes : null } : null;
        }

        public void Reset()
        {
        }
    }

    private sealed class Recorder : INftables
    {
        public List<string> Written { get; } = [];

        public bool FailNext { get; set; }

        public uint Changes { get; set; }

        /// <summary>Somebody else's transaction comes behind that many of ours and one more.</summary>
        public int ChangeByHandAfter { get; set; } = -1;

        public Task ApplyAsync(string script, CancellationToken cancellationToken)
        {
            Write(script);
            return Task.CompletedTask;
        }

        public void Commit(IReadOnlyList<SetChange> changes, uint generation)
        {
            Assert.Equal(Changes, generation);
            Write(Sample.Text(new RulesChange("", changes, "")));
        }

        public Task<IReadOnlyList<ExistingObject>> ListAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<ExistingObject>>(Written.Count == 0 ? [] : [new ExistingObject("chain", "forward")]);

        public uint Generation() => Changes;

        private void Write(string text)
        {
            if (FailNext)
            {
                FailNext = false;
                throw new NftException("refused");
            }

            Changes += ChangeByHandAfter-- == 0 ? 2u : 1u;
            Written.Add(text);
        }
    }

    private sealed class NoFlows : IConntrack
    {
        public IReadOnlyList<TrackedFlow> List() => [];

        public bool Remove(TrackedFlow flow) => false;

        public bool Mark(TrackedFlow flow, uint bits) => false;
    }
}
