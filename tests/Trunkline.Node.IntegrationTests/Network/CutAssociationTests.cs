using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>
/// An association that a policy has cut stays cut, and begins again when the policy goes. The kernel begins a flow at a HEARTBEAT (nf_conntrack_proto_sctp), so the server's
/// own HEARTBEAT, which its policies allow, would make everything its client sends a "reply"; and the client's, which keeps its port, must not be in the way of its next INIT.
/// </summary>
public sealed class CutAssociationTests
{
    private const byte Data = 0, Heartbeat = 4, HeartbeatAck = 5;
    private const int Client = 5000, Server = 30102;
    private const uint ToClient = 0x0A0A0A0A, ToServer = 0x0B0B0B0B;

    [Fact]
    public async Task A_heartbeat_of_the_server_does_not_bring_a_cut_association_back()
    {
        await using var scene = await PolicyScene.StartAsync();
        await scene.ApplyAsync(PolicyScene.OnlyFrom());
        var association = new HandMadeAssociation(scene.Client, scene.Server, Client, Server);
        association.ToClient(Heartbeat);
        Assert.NotNull(await scene.Client.SeeAsync(TransportProtocol.Sctp, Server));

        association.ToServer(HeartbeatAck);
        association.ToServer(Data);
        association.ToServer(HandMadeAssociation.Init, 0, 7);
        association.ToServer(Data);
        await scene.PassAsync(scene.Client);
        Assert.Null(await scene.Server.SeeAsync(TransportProtocol.Sctp, Client, 0));
        Assert.NotEmpty(await scene.Node.DroppedAsync());
    }

    [Fact]
    public async Task What_policies_allow_goes_on_after_a_heartbeat()
    {
        await using var scene = await PolicyScene.StartAsync();
        var association = new HandMadeAssociation(scene.Client, scene.Server, Client, Server);
        association.ToClient(Heartbeat);
        Assert.NotNull(await scene.Client.SeeAsync(TransportProtocol.Sctp, Server));
        association.ToServer(HeartbeatAck);
        Assert.NotNull(await scene.Server.SeeAsync(TransportProtocol.Sctp, Client));
    }

    // Radio nodes keep their port. Theirs is the first packet after the policy has gone: of an association that they think they have.
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_client_that_keeps_its_port_comes_back_between_isolated_ends(bool clientIsClosed, bool serverIsSilent)
    {
        await using var scene = await PolicyScene.StartAsync();
        NetworkPolicy[] ends =
        [
            .. clientIsClosed ? [PolicyScene.Closed("p0", TrafficDirection.Ingress)] : Array.Empty<NetworkPolicy>(),
            .. serverIsSilent ? [PolicyScene.Closed("p1", TrafficDirection.Egress)] : Array.Empty<NetworkPolicy>(),
        ];
        scene.Always = ends;
        await scene.ApplyAsync(PolicyScene.OnlyFrom(PolicyScene.Pods("p0")));
        var association = new HandMadeAssociation(scene.Client, scene.Server, Client, Server);
        await association.EstablishAsync();
        await scene.ApplyAsync(PolicyScene.OnlyFrom());
        await scene.ApplyAsync(PolicyScene.OnlyFrom(PolicyScene.Pods("p0")));

        association.ToServer(Heartbeat);
        Assert.NotNull(await scene.Server.SeeAsync(seen => seen.Transport[12] == Heartbeat && seen.Protocol == (int)TransportProtocol.Sctp));
        Assert.Equal(2u, Assert.Single(scene.Node.Flows.List(), flow => flow.SourcePort == Client).Mark);
        scene.Client.Forget();
        scene.Server.Forget();
        await association.EstablishAsync();
        association.SendData();
        await scene.PassAsync(scene.Client);
        Assert.Equal([1u], association.Arrived());
        Assert.Equal(0u, Assert.Single(scene.Node.Flows.List(), flow => flow.SourcePort == Client).Mark);
    }

    [Fact]
    public async Task A_client_that_keeps_its_port_comes_to_the_endpoint_that_took_the_others_place()
    {
        await using var scene = await PolicyScene.StartAsync();
        scene.Always = [PolicyScene.Closed("p0", TrafficDirection.Ingress), PolicyScene.Closed("p1", TrafficDirection.Egress), PolicyScene.Closed("p3", TrafficDirection.Egress)];
        scene.Endpoints = [scene.Server];
        await scene.ApplyAsync();
        var service = (Given.ClusterIp, Given.Port);
        await new HandMadeFlow(scene.Client, scene.Server, TransportProtocol.Sctp, Client, Server) { Service = service }.BeginAsync();
        var other = scene.Node.Pods[3];
        scene.Endpoints = [other];
        await scene.ApplyAsync();
        await TestNode.WaitAsync(() => scene.Node.Flows.List().All(flow => flow.SourcePort != Client));

        scene.Client.Send(Given.ClusterIp, Wire.Sctp(scene.Client.Address, Given.ClusterIp, Client, Given.Port, ToServer, Heartbeat));
        Assert.NotNull(await other.SeeAsync(TransportProtocol.Sctp, Client));
        await new HandMadeFlow(scene.Client, other, TransportProtocol.Sctp, Client, Server) { Service = service }.BeginAsync();
    }

    // Not a new flow: the kernel's entry stays, and with it the translation; but an isolated client gets answers again.
    [Fact]
    public async Task Datagrams_are_answered_again_when_the_policy_that_cut_them_has_gone()
    {
        await using var scene = await PolicyScene.StartAsync();
        scene.Always = [PolicyScene.Closed("p0", TrafficDirection.Ingress), PolicyScene.Closed("p1", TrafficDirection.Egress)];
        await scene.ApplyAsync();
        var flow = new HandMadeFlow(scene.Client, scene.Server, TransportProtocol.Udp, Client, Server);
        await flow.BeginAsync();
        await scene.ApplyAsync(PolicyScene.OnlyFrom());
        flow.SayToServer();
        await scene.PassAsync(scene.Client);
        Assert.False(flow.IsHeard);
        await scene.ApplyAsync();
        await new HandMadeFlow(scene.Client, scene.Server, TransportProtocol.Udp, Client, Server).BeginAsync();
    }

    [Fact]
    public async Task An_INIT_that_is_denied_clears_nothing()
    {
        await using var scene = await PolicyScene.StartAsync();
        await scene.ApplyAsync(PolicyScene.OnlyFrom(PolicyScene.Pods("p0")));
        var association = new HandMadeAssociation(scene.Stranger, scene.Server, Client, Server);
        association.ToServer(Heartbeat); // dropped, and leaves no flow
        association.ToClient(Heartbeat, ToClient);
        Assert.NotNull(await scene.Stranger.SeeAsync(TransportProtocol.Sctp, Server));
        association.ToServer(HandMadeAssociation.Init, 0, 7);
        await scene.PassAsync(scene.Stranger);
        Assert.Equal(2u, Assert.Single(scene.Node.Flows.List(), flow => flow.DestinationPort == Client).Mark);
        association.ToServer(Data);
        await scene.PassAsync(scene.Stranger);
        Assert.Null(await scene.Server.SeeAsync(TransportProtocol.Sctp, Client, 0));
    }
}
