using System.Net;
using System.Net.Sockets;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;
using static Trunkline.Node.IntegrationTests.Network.ServiceTraffic;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>With the annotation, all paths of a multihomed association reach one endpoint, whichever node they pass and of whichever family they are.</summary>
public sealed class PortHashInKernelTests
{
    private const int Associations = 40, Port = 38412, NodePort = 31132;
    private const byte Init = 1, Heartbeat = 4;
    private static readonly IPAddress s_service = IPAddress.Parse("172.30.0.10"), s_service6 = IPAddress.Parse("fd02::10");
    private static readonly IPAddress s_balancer = IPAddress.Parse("192.168.126.231"), s_balancer6 = IPAddress.Parse("fd00:126::e1");

    private static ServiceRecord Service(bool hashesPorts) => new("x", "svc")
    {
        ClusterIps = [s_service, s_service6],
        LoadBalancerIps = [s_balancer, s_balancer6],
        HashesPorts = hashesPorts,
        Ports = [new ServiceRecordPort("n2", TransportProtocol.Sctp, Port, NodePort)],
    };

    // As the controller writes them: one slice a family, and both name the Pod.
    private static SliceRecord[] Slices(params Host[] pods) =>
    [
        Slice(pods.Select(pod => new SliceEndpoint(pod.Address, true, TestNode.NodeName) { Pod = Id(pod) })),
        Slice(pods.Select(pod => new SliceEndpoint(pod.Address6!, true, TestNode.NodeName) { Pod = Id(pod) })),
    ];

    private static SliceRecord Slice(IEnumerable<SliceEndpoint> endpoints) => new("x", "svc")
    {
        Ports = [new SlicePort("n2", TransportProtocol.Sctp, 30102)],
        Endpoints = [.. endpoints],
    };

    private static ulong Id(Host pod) => StableHash.Of(pod.Address.GetAddressBytes()) ^ 5;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_INIT_and_the_other_paths_HEARTBEATs_reach_the_same_endpoint_on_every_node_and_in_both_families(bool hashesPorts)
    {
        await using var first = await TestNode.StartAsync();
        await using var second = await TestNode.StartAsync();
        var choices = new List<string>();
        foreach (var (node, order) in new[] { (first, 1), (second, -1) })
        {
            await node.RouteOutsideAsync(s_service);
            await node.RouteOutsideAsync(s_service6);
            Host[] endpoints = [.. node.Pods.Skip(1).OrderBy(pod => order * pod.Address.GetAddressBytes()[3])];
            await node.ApplyAsync(node.PlainPods(), services: [Service(hashesPorts)], slices: Slices(endpoints));
            choices.Add(await ChoiceAsync(node, node.Pods[0], s_service, Port, Init));
            choices.Add(await ChoiceAsync(node, node.Pods[0], s_service6, Port, Heartbeat));
            choices.Add(await ChoiceAsync(node, node.Remote, s_service, Port, Heartbeat));
            choices.Add(await ChoiceAsync(node, node.Remote, s_service6, Port, Init));
        }

        Assert.Equal(hashesPorts, choices.Distinct().Count() == 1);
        if (hashesPorts)
        {
            Assert.Equal(3, choices[0].Split(' ').Distinct().Count());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task From_outside_too_with_either_policy_and_affinity_changes_nothing_of_it(bool local)
    {
        await using var node = await TestNode.StartAsync();
        await node.RouteOutsideAsync(s_balancer);
        await node.RouteOutsideAsync(s_balancer6);
        await node.ApplyAsync(node.PlainPods(), services: [Service(true) with { ExternalLocal = local, AffinitySeconds = 10800 }], slices: Slices([.. node.Pods.Skip(1)]));
        var atBalancer = await ChoiceAsync(node, node.Outside, s_balancer, Port, Init);
        Assert.Equal(atBalancer, await ChoiceAsync(node, node.Outside, s_balancer6, Port, Heartbeat));
        Assert.Equal(3, atBalancer.Split(' ').Distinct().Count()); // one client, three endpoints: the ports decide
        var atNode = await ChoiceAsync(node, node.Outside, node.Address, NodePort, Init, 7100);
        Assert.Equal(atNode, await ChoiceAsync(node, node.Outside, node.Address6, NodePort, Heartbeat, 7100));
    }

    [Fact]
    public async Task An_endpoint_that_goes_moves_the_associations_of_others_hardly_at_all()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service(true)], slices: Slices([.. node.Pods.Skip(1)]));
        var before = (await ChoiceAsync(node, node.Pods[0], s_service, Port, Init)).Split(' ');
        await node.ApplyAsync(node.PlainPods(), services: [Service(true)], slices: Slices(node.Pods[1], node.Pods[2]));
        var after = (await ChoiceAsync(node, node.Pods[0], s_service6, Port, Heartbeat)).Split(' ');
        var others = before.Zip(after).Where(pair => pair.First != "2").ToList();
        Assert.DoesNotContain("2", after);
        Assert.True(others.Count(pair => pair.First != pair.Second) <= others.Count / 4, string.Join(' ', others)); // by a modulus half of them would
    }

    // Which Pod got each association, by its source port.
    private static async Task<string> ChoiceAsync(TestNode node, Host client, IPAddress to, int toPort, byte chunk, int first = 7000)
    {
        foreach (var pod in node.Pods)
        {
            pod.Forget();
        }

        var source = to.AddressFamily == AddressFamily.InterNetworkV6 ? client.Address6! : client.Address;
        for (var port = first; port < first + Associations; port++)
        {
            client.Send(to, chunk == Init
                ? Wire.Packet(source, to, TransportProtocol.Sctp, port, toPort)
                : Wire.Sctp(source, to, port, toPort, 0x0A0B0C0D, chunk));
        }

        var ports = Enumerable.Range(first, Associations).ToList();
        await TestNode.WaitAsync(() => ports.TrueForAll(port => PodOf(node, port) >= 0));
        return string.Join(' ', ports.Select(port => PodOf(node, port) - 1));
    }
}
