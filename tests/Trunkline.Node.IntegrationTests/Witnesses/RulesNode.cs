using System.Diagnostics;
using Trunkline.Node.IntegrationTests.Kernel;
using Trunkline.Node.IntegrationTests.Network;
using Trunkline.Node.Network;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Netlink;
using Trunkline.Node.Network.Nft;
using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>A network namespace with nothing in it but the rules that worker-0 would have, written by the real engine and read back from the kernel.</summary>
internal sealed class RulesNode : IAsyncDisposable
{
    private static int s_count;
    private readonly string _netns = $"tlrn{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}";
    private readonly CancellationTokenSource _stop = new();
    private readonly GivenCluster _source = new();
    private readonly LastWords _log = new();
    private ElementSocket? _elements;
    private Synchronizer? _synchronizer;
    private Task _work = Task.CompletedTask;

    public static async Task<RulesNode> StartAsync()
    {
        var node = new RulesNode();
        await RunAsync("ip", "netns", "add", node._netns);
        node._elements = NamespaceThread.Run($"/run/netns/{node._netns}", () => new ElementSocket());
        var network = new NodeNetwork(Place.OwnNode, Place.Own[0]) { NodeAddress6 = Place.Own[1] };
        node._synchronizer = new Synchronizer(
            network, node._source, new NftProcess(["ip", "netns", "exec", node._netns, "nft"], node._elements, TimeProvider.System), new NoFlows(), (_, _) => { },
            TimeProvider.System, node._log);
        node._work = Task.Run(() => node._synchronizer.RunAsync(node._stop.Token));
        return node;
    }

    public LastWords Log => _log;

    public string Netns => _netns;

    public async Task ApplyAsync(IReadOnlyList<ClusterSpec> clusters)
    {
        var cluster = new PolicyCluster(
            clusters.SelectMany(item => item.Namespaces), clusters.SelectMany(item => item.Pods), clusters.SelectMany(item => item.Policies), Place.Nodes,
            clusters.SelectMany(item => item.ClusterPolicies));
        _source.Give(cluster, [.. Place.Nodes.Select(node => new NodeRecord(node.Name, node.Addresses, []) { Labels = node.Labels })], [], [], []);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await _synchronizer!.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new IOException($"the rules did not come into force:\n{_log}");
        }
    }

    public async Task<KernelRules> ReadAsync() => KernelRules.Parse(await RunAsync("ip", "netns", "exec", _netns, "nft", "-j", "list", "table", "inet", "trunkline"));

    public Task<string> NftAsync(params string[] words) => RunAsync("ip", ["netns", "exec", _netns, "nft", .. words]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _elements?.Dispose();
        _stop.Dispose();
        await RunAsync("ip", "netns", "delete", _netns);
    }

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new IOException($"{program} {string.Join(' ', arguments)}: {await error}");
    }

    private sealed class NoFlows : IConntrack
    {
        public IReadOnlyList<TrackedFlow> List() => [];

        public bool Remove(TrackedFlow flow) => false;

        public bool Mark(TrackedFlow flow, uint bits) => false;
    }
}
