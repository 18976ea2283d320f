using System.Net;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>
/// A client, a server and a stranger, and policies of the server's that let in UDP at one port whatever else they say: a sentinel sent behind other packets of the same
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

    public static async Task<PolicyScene> StartAsync()
    {
        var scene = new PolicyScene(await TestNode.StartAsync());
        await scene.ApplyAsync();
        return scene;
    }

    /// <summary>Pods are labelled <c>app=p0</c> and so on, in namespace <c>x</c>.</summary>
    public Task ApplyAsync(params NetworkPolicy[] policies) => ApplyAsync(pod => pod, policies);

    public Task ApplyAsync(Func<PolicyPod, PolicyPod> change, params NetworkPolicy[] policies) => Node.ApplyAsync(
        Node.PlainPods().Select(pod => change(pod with { Labels = new Dictionary<string, string> { ["app"] = pod.Name } })), policies,
        [new PolicyNamespace("x", new Dictionary<string, string> { ["team"] = "a" })]);

    /// <summary>Only these may begin something with the server.</summary>
    public static NetworkPolicy OnlyFrom(params PolicyPeer[] peers) => new("x", "only")
    {
        PodSelector = App("p1"),
        PolicyTypes = [TrafficDirection.Ingress],
        Ingress =
        [
            new PolicyRule([], [new PolicyPort { Protocol = TransportProtocol.Udp, Number = SentinelPort }]),
            .. peers.Select(peer => new PolicyRule([peer], [])),
        ],
    };

    public static LabelSelector App(string name) => new() { MatchLabels = new Dictionary<string, string> { ["app"] = name } };

    public static PolicyPeer Pods(string name) => new() { PodSelector = App(name) };

    public static PolicyPeer Block(string cidr) => new() { IpBlock = new IpBlock(IPNetwork.Parse(cidr), []) };

    /// <summary>Returns when whatever was sent from there before has been judged.</summary>
    public async Task PassAsync(Host from, Host? to = null)
    {
        var port = Interlocked.Increment(ref _sentinels);
        for (var attempt = 0; attempt < 50; attempt++)
        {
            from.Send((to ?? Server).Address, TransportProtocol.Udp, port, SentinelPort);
            if (await (to ?? Server).SeeAsync(TransportProtocol.Udp, port, 200) is not null)
            {
                return;
            }
        }

        Assert.Fail("the sentinel did not arrive");
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
