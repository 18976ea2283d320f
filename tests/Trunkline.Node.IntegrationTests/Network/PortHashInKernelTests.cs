using System.Net;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>With the annotation, all paths of a multihomed association reach one endpoint, whichever node they pass.</summary>
public sealed class PortHashInKernelTests
{
    private const int Associations = 40;
    private static readonly IPAddress s_service = IPAddress.Parse("172.30.0.10");

    private static ServiceRecord Service(bool hashesPorts) => new("x", "svc")
    {
        ClusterIps = [s_service],
        HashesPorts = hashesPorts,
        Ports = [new ServiceRecordPort("n2", TransportProtocol.Sctp, 38412, 31132)],
    };

    private static SliceRecord Slice(IEnumerable<Host> endpoints) => new("x", "svc")
    {
        Ports = [new SlicePort("n2", TransportProtocol.Sctp, 30102)],
        Endpoints = [.. endpoints.Select(host => new SliceEndpoint(host.Address, true, TestNode.NodeName))],
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_INIT_and_the_other_paths_HEARTBEAT_reach_the_same_endpoint_on_every_node(bool hashesPorts)
    {
        await using var first = await TestNode.StartAsync();
        await using var second = await TestNode.StartAsync();
        var choices = new List<string>();
        foreach (var (node, order) in new[] { (first, 1), (second, -1) })
        {
            await node.RouteOutsideAsync(s_service);
            var endpoints = node.Pods.Skip(1).OrderBy(pod => order * pod.Address.GetAddressBytes()[3]).ToList();
            await node.ApplyAsync(node.PlainPods(), services: [Service(hashesPorts)], slices: [Slice(endpoints)]);
            choices.Add(await ChoiceAsync(node, node.Pods[0], heartbeats: false));
            choices.Add(await ChoiceAsync(node, node.Remote, heartbeats: true));
        }

        Assert.Equal(hashesPorts, choices.Distinct().Count() == 1);
        if (hashesPorts)
        {
            Assert.Equal(3, choices[0].Split(' ').Distinct().Count());
        }
    }

    // Which Pod got each association, by its source port.
    private static async Task<string> ChoiceAsync(TestNode node, Host client, bool heartbeats)
    {
        foreach (var pod in node.Pods)
        {
            pod.Forget();
        }

        for (var port = 7000; port < 7000 + Associations; port++)
        {
            client.Send(s_service, heartbeats
                ? Wire.Sctp(client.Address, s_service, port, 38412, 0x0A0B0C0D, 4)
                : Wire.Packet(client.Address, s_service, TransportProtocol.Sctp, port, 38412));
        }

        var chosen = new List<string>();
        for (var port = 7000; port < 7000 + Associations; port++)
        {
            var number = port;
            var got = await Task.WhenAll(node.Pods.Skip(1).Select(pod => Task.Run(() => pod.SeeAsync(seen => seen.Protocol == 132 && seen.SourcePort == number, 50))));
            chosen.Add($"{Array.FindIndex(got, seen => seen is not null)}");
        }

        Assert.DoesNotContain("-1", chosen);
        return string.Join(' ', chosen);
    }
}
