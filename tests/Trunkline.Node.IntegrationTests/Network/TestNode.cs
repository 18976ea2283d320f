using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Trunkline.Node.Network;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Links;
using Trunkline.Node.Network.Netlink;
using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Sctp;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>A real node in namespaces of its own: four Pods, an outside host, and behind that host's address another node with a Pod. Kernel rules are real.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    public const string NodeName = "worker-0";
    private static int s_count;
    private readonly string _prefix = $"tldp{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}";
    private CancellationTokenSource _stop = new();
    private readonly List<string> _namespaces = [];
    private readonly LastWords _log = new();
    private ConntrackNetlink? _conntrack;
    private Synchronizer? _synchronizer;
    private Task _work = Task.CompletedTask;
    private readonly GivenCluster _source = new();
    private ElementSocket? _elements;
    private ServiceDuties? _duties;
    private NodeNetwork _network = null!;

    public IPAddress Address { get; } = IPAddress.Parse("192.168.126.11");

    public IPAddress Address6 { get; } = IPAddress.Parse("fd00:126::11");

    public List<Host> Pods { get; } = [];

    /// <summary>What was said of peers that name addresses which cannot pass.</summary>
    public ConcurrentQueue<AddressNotice> Told { get; } = new();

    public IReadOnlyList<PodRecord> HostPorts { get; set; } = [];

    public Host Node { get; private set; } = null!;

    public Host Outside { get; private set; } = null!;

    /// <summary>A Pod of another node.</summary>
    public Host Remote { get; private set; } = null!;

    /// <summary>How often all rules were written, and how often because somebody else had changed them meanwhile.</summary>
    public int WrittenAnew => _log.Count("(all)") + _log.Count("somebody else");

    public string AllWords => _log.All;

    private string NodeNetns => $"{_prefix}-node";

    public static async Task<TestNode> StartAsync()
    {
        var test = new TestNode();
        await test.BuildAsync();
        return test;
    }

    /// <summary>Makes a cluster known and waits until the kernel enforces it.</summary>
    public async Task ApplyAsync(
        IEnumerable<PolicyPod> pods, IEnumerable<NetworkPolicy>? policies = null, IEnumerable<PolicyNamespace>? namespaces = null,
        IReadOnlyList<ServiceRecord>? services = null, IReadOnlyList<SliceRecord>? slices = null, IReadOnlyList<ClusterNetworkPolicy>? clusterPolicies = null)
    {
        var nodes = new[]
        {
            new NodeRecord(NodeName, [Address, Address6], [IPNetwork.Parse("10.128.2.0/23"), IPNetwork.Parse("fd01:0:0:2::/64")]),
            new NodeRecord("worker-1", [IPAddress.Parse("192.168.126.12"), IPAddress.Parse("fd00:126::12")], [IPNetwork.Parse("10.128.4.0/23"), IPNetwork.Parse("fd01:0:0:3::/64")]),
        };
        var cluster = new PolicyCluster(namespaces ?? [], pods, policies ?? [], nodes.Select(node => new PolicyNode(node.Name, node.Addresses)), clusterPolicies);
        _source.Give(cluster, nodes, services ?? [], slices ?? [], HostPorts);
        Cluster = cluster;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _synchronizer!.WaitAsync(patience.Token);
            await _synchronizer.CutAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new IOException($"the rules did not come into force:\n{_log}");
        }
    }

    public PolicyCluster Cluster { get; private set; } = new([], [], []);

    /// <summary>The Pods as the API would tell of them, in namespace <c>x</c>.</summary>
    public IEnumerable<PolicyPod> PlainPods() => Pods.Select((pod, index) => Pod("x", $"p{index}", pod)).Append(
        new PolicyPod("x", "remote") { Addresses = [Remote.Address, Remote.Address6!], NodeName = "worker-1" });

    public static PolicyPod Pod(string ns, string name, Host host) => new(ns, name)
    {
        Addresses = host.Address6 is null ? [host.Address] : [host.Address, host.Address6],
        NodeName = NodeName,
    };

    /// <summary>What the kernel has counted as dropped: "source destination protocol port" to packets.</summary>
    public async Task<Dictionary<string, long>> DroppedAsync()
    {
        using var document = JsonDocument.Parse(await RunAsync("ip", "netns", "exec", NodeNetns, "nft", "-j", "list", "set", "inet", "trunkline", "dropped"));
        var set = document.RootElement.GetProperty("nftables").EnumerateArray().Single(item => item.TryGetProperty("set", out _)).GetProperty("set");
        var counted = new Dictionary<string, long>();
        foreach (var element in set.TryGetProperty("elem", out var elements) ? elements.EnumerateArray().Select(e => e.GetProperty("elem")) : [])
        {
            var key = string.Join(' ', element.GetProperty("val").GetProperty("concat").EnumerateArray().Select(part => part.ToString()));
            counted[key] = element.GetProperty("counter").GetProperty("packets").GetInt64();
        }

        return counted;
    }

    public Task<string> NftAsync(params string[] words) => RunAsync("ip", ["netns", "exec", NodeNetns, "nft", .. words]);

    /// <summary>Rules of the Pod's own kernel.</summary>
    public static Task NftAsync(Host pod, string script) => RunAsync("ip", "netns", "exec", pod.Netns, "nft", script);

    /// <summary>The agent ends and another one takes its place: the kernel is as it was, or as somebody left it meanwhile.</summary>
    public async Task RestartAgentAsync(Func<Task>? meanwhile = null)
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _duties?.Dispose();
        _conntrack?.Dispose();
        _elements?.Dispose();
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        StartSynchronizer();
    }

    /// <summary>The node knows a way to these addresses: by the host outside.</summary>
    public Task RouteToOutsideAsync(string network) => IpAsync(NodeNetns, $"route replace {network} via {Outside.Address}");

    public async Task<Host> AddPodAsync(string address, bool captures = true)
    {
        var name = $"{_prefix}-p{_namespaces.Count}";
        var address6 = IPAddress.Parse($"fd01:0:0:2::{address.Split('.')[3]}");
        await NamespaceAsync(name);
        NamespaceThread.Run($"/run/netns/{NodeNetns}", () => PodLinks.Attach(name, $"/run/netns/{name}", [IPAddress.Parse(address), address6]));
        var host = new Host(name, IPAddress.Parse(address), captures) { Address6 = address6 };
        Pods.Add(host);
        return host;
    }

    /// <summary>What the node's kernel knows.</summary>
    public IConntrack Flows => _conntrack!;

    /// <summary>Waits by a condition, long enough for a slow machine.</summary>
    public static Task WaitAsync(Func<bool> condition) => WaitAsync(() => Task.FromResult(condition()));

    public static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Xunit.TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }

    /// <summary>Hosts outside reach an address by way of the node, and the node knows a way to it (it leaves by the uplink, were it not translated).</summary>
    public async Task RouteOutsideAsync(IPAddress address)
    {
        await IpAsync(Outside.Netns, $"route replace {address} via {(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Address6 : Address)}");
        await IpAsync(Outside.Netns, "link set eth0 promisc on");
    }

    /// <summary>The node answers for these addresses of load balancers: they lead to its bridge without ports (RackAnswers).</summary>
    public async Task SinkAsync(params IPAddress[] addresses)
    {
        await IpAsync(NodeNetns, "link add lb0 type bridge");
        await IpAsync(NodeNetns, "link set lb0 up");
        foreach (var address in addresses)
        {
            await IpAsync(NodeNetns, $"route replace {address} dev lb0");
        }
    }

    /// <summary>A host outside has the address, and answers who looks for it.</summary>
    public Task OwnOutsideAsync(IPAddress address) => IpAsync(Outside.Netns, $"addr add {address}/32 dev lo");

    /// <summary>What an agent does that finds the Pod's cable.</summary>
    public void Restore(Host pod) =>
        NamespaceThread.Run($"/run/netns/{NodeNetns}", () => PodLinks.Attach(pod.Netns, $"/run/netns/{pod.Netns}", [pod.Address, pod.Address6!]));

    public void Detach(Host pod) => NamespaceThread.Run($"/run/netns/{NodeNetns}", () => PodLinks.Detach(pod.Netns));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _duties?.Dispose();
        _conntrack?.Dispose();
        _elements?.Dispose();
        foreach (var host in Pods.Append(Node).Append(Outside).Append(Remote))
        {
            host?.Dispose();
        }

        foreach (var name in _namespaces)
        {
            await RunAsync("ip", "netns", "delete", name);
        }

        _stop.Dispose();
    }

    private async Task BuildAsync()
    {
        await NamespaceAsync(NodeNetns);
        var outside = $"{_prefix}-out";
        await NamespaceAsync(outside);
        await IpAsync(NodeNetns, "link add eth0 type veth peer name eth0 netns " + outside);
        await IpAsync(NodeNetns, $"addr add {Address}/24 dev eth0");
        await IpAsync(NodeNetns, $"addr add {Address6}/64 dev eth0 nodad");
        foreach (var netns in new[] { NodeNetns, outside })
        {
            await IpAsync(netns, "link set lo up");
            await IpAsync(netns, "link set eth0 up");
        }

        await IpAsync(outside, "addr add 192.168.126.200/24 dev eth0");
        await IpAsync(outside, "addr add 192.168.126.12/24 dev eth0");
        await IpAsync(outside, "addr add 10.128.4.5/32 dev lo");
        await IpAsync(outside, "addr add fd00:126::200/64 dev eth0 nodad");
        await IpAsync(outside, "addr add fd00:126::12/64 dev eth0 nodad");
        await IpAsync(outside, "addr add fd01:0:0:3::5/128 dev lo nodad");
        await IpAsync(outside, $"route add fd01:0:0:2::/64 via {Address6}");
        await IpAsync(outside, $"route add 10.128.2.0/23 via {Address}");
        NamespaceThread.Run($"/run/netns/{NodeNetns}", NodeRoutes.PrepareNode);
        StartSynchronizer();
        for (var index = 0; index < 4; index++)
        {
            await AddPodAsync($"10.128.2.{10 + index}");
        }

        Node = new Host(NodeNetns, Address, captures: false) { Address6 = Address6 };
        Outside = new Host(outside, IPAddress.Parse("192.168.126.200")) { Address6 = IPAddress.Parse("fd00:126::200") };
        Remote = new Host(outside, IPAddress.Parse("10.128.4.5")) { Address6 = IPAddress.Parse("fd01:0:0:3::5") };
    }

    private void StartSynchronizer()
    {
        _conntrack = NamespaceThread.Run($"/run/netns/{NodeNetns}", () => new ConntrackNetlink());
        _elements = NamespaceThread.Run($"/run/netns/{NodeNetns}", () => new ElementSocket());
        _network = new NodeNetwork(NodeName, Address) { NodeAddress6 = Address6 };
        _synchronizer = new Synchronizer(
            _network, _source, new NftProcess(["ip", "netns", "exec", NodeNetns, "nft"], _elements, TimeProvider.System), _conntrack,
            (network, nodes) => NamespaceThread.Run($"/run/netns/{NodeNetns}", () => NodeRoutes.Apply(network, nodes)), TimeProvider.System, _log,
            changes => NamespaceThread.Run($"/run/netns/{NodeNetns}", () => _duties!.Apply(changes)));
        _duties = NamespaceThread.Run($"/run/netns/{NodeNetns}", () => new ServiceDuties(_network, _conntrack, () => _synchronizer.IsInForce, Told.Enqueue, TimeProvider.System, _log));
        _work = Task.WhenAll(Task.Run(() => _synchronizer.RunAsync(_stop.Token)), Task.Run(() => _duties.RunAsync(_stop.Token)));
    }

    private async Task NamespaceAsync(string name)
    {
        await RunAsync("ip", "netns", "add", name);
        _namespaces.Add(name);
    }

    private static Task<string> IpAsync(string netns, string words) => RunAsync("ip", ["-n", netns, .. words.Split(' ')]);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new IOException($"{program} {string.Join(' ', arguments)}: {await error}");
    }
}
