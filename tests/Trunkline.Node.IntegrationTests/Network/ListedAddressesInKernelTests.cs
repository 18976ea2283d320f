using System.Net;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Peers that name more addresses than the translated one are noticed by name, and their packets go on.</summary>
public sealed class ListedAddressesInKernelTests
{
    private static readonly IPAddress s_service = IPAddress.Parse("172.30.0.10");
    private static readonly IPAddress s_second = IPAddress.Parse("10.99.0.7");

    private static readonly ServiceRecord s_record = new("x", "svc")
    {
        ClusterIps = [s_service],
        Ports = [new ServiceRecordPort("n2", TransportProtocol.Sctp, 38412, null)],
    };

    private static SliceRecord Slice(Host endpoint) => new("x", "svc")
    {
        Ports = [new SlicePort("n2", TransportProtocol.Sctp, 30102)],
        Endpoints = [new SliceEndpoint(endpoint.Address, true, TestNode.NodeName)],
    };

    [Fact]
    public async Task A_client_and_an_endpoint_that_list_further_addresses_are_told_by_name_once()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [s_record], slices: [Slice(node.Pods[1])]);
        var (client, server) = (node.Pods[0], node.Pods[1]);

        client.Send(s_service, Wire.Init(client.Address, s_service, 5000, 38412, 0, chunk: 1, [client.Address, s_second, IPAddress.Parse("fd00::7")]));
        Assert.NotNull(await server.SeeAsync(TransportProtocol.Sctp, 5000));
        var told = await ToldAsync(node, 1);
        Assert.Equal(("svc", client.Address, false), (told.Service.Name, told.Peer, told.IsEndpoint));
        Assert.Equal(["10.99.0.7", "fd00::7"], told.Addresses);
        Assert.Contains("10.99.0.7, fd00::7", told.Message, StringComparison.Ordinal);

        server.Send(client.Address, Wire.Init(server.Address, client.Address, 30102, 5000, 0x01020304, chunk: 2, [server.Address, s_second]));
        Assert.NotNull(await client.SeeAsync(seen => seen.Protocol == 132 && seen.Source.Equals(s_service)));
        told = await ToldAsync(node, 2);
        Assert.Equal((server.Address, true), (told.Peer, told.IsEndpoint));

        // Again, and once with nothing to tell: counted, and not said.
        client.Send(s_service, Wire.Init(client.Address, s_service, 5001, 38412, 0, chunk: 1, [s_second]));
        client.Send(s_service, Wire.Init(client.Address, s_service, 5002, 38412, 0, chunk: 1, [client.Address]));
        Assert.NotNull(await server.SeeAsync(TransportProtocol.Sctp, 5002));

        // Another peer's comes behind them on the same way.
        node.Pods[2].Send(s_service, Wire.Init(node.Pods[2].Address, s_service, 5003, 38412, 0, chunk: 1, [s_second]));
        Assert.Equal(node.Pods[2].Address, (await ToldAsync(node, 3)).Peer);
        Assert.Equal(3, node.Told.Count);
    }

    private static async Task<Trunkline.Node.Network.Sctp.AddressNotice> ToldAsync(TestNode node, int count)
    {
        await TestNode.WaitAsync(() => node.Told.Count >= count);
        return node.Told.Last();
    }
}
