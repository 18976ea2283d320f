using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>
/// An association that a new policy has cut stays cut. The kernel begins a flow at a HEARTBEAT (nf_conntrack_proto_sctp), so the server's own HEARTBEAT, which its
/// policies allow, would make everything its client sends a "reply".
/// </summary>
public sealed class CutAssociationTests
{
    private const byte Data = 0, Heartbeat = 4, HeartbeatAck = 5;
    private const int Client = 5000, Server = 30102;
    private const uint ToClient = 0x0A0A0A0A, ToServer = 0x0B0B0B0B;

    [Fact]
    public async Task A_heartbeat_of_the_server_does_not_bring_a_cut_association_back()
    {
        await using var node = await TestNode.StartAsync();
        var server = node.PlainPods().ElementAt(1).Name;
        await node.ApplyAsync(Labelled(node, server), [DenyIngress()], [new PolicyNamespace("x", new Dictionary<string, string>())]);

        await HeartbeatsCrossAsync(node);

        Send(node.Pods[0], node.Pods[1], Client, Server, ToServer, HeartbeatAck);
        Send(node.Pods[0], node.Pods[1], Client, Server, ToServer, Data);
        Assert.Null(await node.Pods[1].SeeAsync(TransportProtocol.Sctp, Client, 300));
        Assert.NotEmpty(await node.DroppedAsync());
    }

    [Fact]
    public async Task What_policies_allow_goes_on_after_a_heartbeat()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods());

        await HeartbeatsCrossAsync(node);

        Send(node.Pods[0], node.Pods[1], Client, Server, ToServer, HeartbeatAck);
        Assert.NotNull(await node.Pods[1].SeeAsync(TransportProtocol.Sctp, Client));
    }

    private static async Task HeartbeatsCrossAsync(TestNode node)
    {
        Send(node.Pods[1], node.Pods[0], Server, Client, ToClient, Heartbeat);
        Assert.NotNull(await node.Pods[0].SeeAsync(TransportProtocol.Sctp, Server));
    }

    private static void Send(Host from, Host to, int source, int destination, uint tag, byte chunk) =>
        from.Send(to.Address, Wire.Sctp(from.Address, to.Address, source, destination, tag, chunk));

    private static NetworkPolicy DenyIngress() => new("x", "deny")
    {
        PodSelector = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "server" } },
        PolicyTypes = [TrafficDirection.Ingress],
    };

    private static IEnumerable<PolicyPod> Labelled(TestNode node, string server) =>
        node.PlainPods().Select(pod => pod.Name == server ? pod with { Labels = new Dictionary<string, string> { ["app"] = "server" } } : pod);
}
