using System.Net;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>
/// A client, a server and a stranger, and policies that let in UDP at one port whatever else they say: a sentinel sent behind other packets of the same
/// source, which has passed when they have been judged.
/// </summary>
internal sealed class PolicyScene : IAsyncDisposable
{
    private const int SentinelPort = 9;
    private int _sentinels = 30_000;

    private PolicyScene(TestNode node) => Node = node;

    public TestNode Node { get; }

    public Host Client => Node.Pods[0];

    public Host Server => Node.Pods[1];

    public Host Stranger => Node.Pods[2];

    /// <summary>Policies that are there in whatever is applied.</summary>
    public IReadOnlyList<NetworkPolicy> Always { get; set; } = [];

    /// <summary>Endpoints of Service <c>x/svc</c>; none: no Service.</summary>
    public IReadOnlyList<Host> Endpoints { get; set; } = [];

    public static async Task<PolicyScene> StartAsync()
    {
        var scene = new PolicyScene(await TestNode.StartAsync());
        await scene.ApplyAsync();
        return scene;
    }

    /// <summary>Pods are labelled <c>app=p0</c> and so on, in namespace <c>x</c> of team a.</summary>
    public Task ApplyAsync(params NetworkPolicy[] policies) => ApplyAsync(pod => pod, policies);

    public Task ApplyAsync(Func<PolicyPod, PolicyPod> change, params NetworkPolicy[] policies) => ApplyAsync(change, "a", [], policies);

    public Task ApplyAsync(string team, params NetworkPolicy[] policies) => ApplyAsync(pod => pod, team, [], policies);

    public Task ApplyAsync(ClusterNetworkPolicy policy) => ApplyAsync(pod => pod, "a", [policy]);

    /// <summary>Only these may begin something with the server.</summary>
    public static NetworkPolicy OnlyFrom(params PolicyPeer[] peers) => Closed("p1", TrafficDirection.Ingress, [.. peers.Select(peer => new PolicyRule([peer], []))]);

    /// <summary>A Pod that is closed but for the sentinel and these.</summary>
    public static NetworkPolicy Closed(string pod, TrafficDirection direction, params PolicyRule[] rules)
    {
        var policy = new NetworkPolicy("x", direction == TrafficDirection.Ingress && pod == "p1" ? "only" : $"{direction}-{pod}") { PodSelector = App(pod), PolicyTypes = [direction] };
        rules = [new PolicyRule([], [new PolicyPort { Protocol = TransportProtocol.Udp, Number = SentinelPort }]), .. rules];
        return direction == TrafficDirection.Ingress ? policy with { Ingress = rules } : policy with { Egress = rules };
    }

    /// <summary>A tier in which the stranger may begin nothing with anybody, but the sentinel.</summary>
    public static ClusterNetworkPolicy NotFromStranger(PolicyTier tier) => new("not-from-p2")
    {
        Tier = tier,
        Ingress =
        [
            new ClusterPolicyRule(ClusterPolicyAction.Accept, [Anybody()], [new ClusterPolicyPort { Protocol = TransportProtocol.Udp, First = SentinelPort, Last = SentinelPort }]),
            new ClusterPolicyRule(ClusterPolicyAction.Deny, [new ClusterPolicyPeer { Pods = new NamespacedPods(LabelSelector.Everything, App("p2")) }], []),
        ],
    };

    public static LabelSelector App(string name) => new() { MatchLabels = new Dictionary<string, string> { ["app"] = name } };

    public static PolicyPeer Pods(string name) => new() { PodSelector = App(name) };

    public static PolicyPeer Team(string name) => new() { NamespaceSelector = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["team"] = name } } };

    public static PolicyPeer Block(string cidr) => new() { IpBlock = new IpBlock(IPNetwork.Parse(cidr), []) };

    /// <summary>Returns when whatever was sent from there before has been judged.</summary>
    public async Task PassAsync(Host from, Host? to = null, bool isIpv6 = false)
    {
        var (port, target) = (Interlocked.Increment(ref _sentinels), to ?? Server);
        for (var attempt = 0; attempt < 50; attempt++)
        {
            from.Send(isIpv6 ? target.Address6! : target.Address, TransportProtocol.Udp, port, SentinelPort);
            if (await target.SeeAsync(TransportProtocol.Udp, port, 200) is not null)
            {
                return;
            }
        }

        Assert.Fail("the sentinel did not arrive");
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    private static ClusterPolicyPeer Anybody() => new() { Pods = NamespacedPods.All };

    private Task ApplyAsync(Func<PolicyPod, PolicyPod> change, string team, IReadOnlyList<ClusterNetworkPolicy> clusterPolicies, params NetworkPolicy[] policies) => Node.ApplyAsync(
        Node.PlainPods().Select(pod => change(pod with { Labels = new Dictionary<string, string> { ["app"] = pod.Name } })), [.. Always, .. policies],
        [new PolicyNamespace("x", new Dictionary<string, string> { ["team"] = team })],
        Endpoints.Count == 0 ? null : [Given.Service()], Endpoints.Count == 0 ? null : [Given.Slice([.. Endpoints.Select(Given.Here)])], clusterPolicies);
}
