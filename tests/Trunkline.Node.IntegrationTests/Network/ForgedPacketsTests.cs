using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Packets that belong to nothing are judged like the first of something: what a denied source forges does not reach the Pod, whatever its chunk says.</summary>
public sealed class ForgedPacketsTests
{
    [Fact]
    public async Task No_chunk_of_a_denied_source_arrives_and_every_chunk_of_an_allowed_one_does()
    {
        await using var scene = await PolicyScene.StartAsync();
        await scene.ApplyAsync(PolicyScene.OnlyFrom(PolicyScene.Pods("p0")));
        byte[] chunks =
        [
            HandMadeAssociation.Data, HandMadeAssociation.Init, HandMadeAssociation.InitAck, HandMadeAssociation.Heartbeat, HandMadeAssociation.HeartbeatAck,
            HandMadeAssociation.Abort, HandMadeAssociation.ShutdownAck, HandMadeAssociation.Error, HandMadeAssociation.CookieEcho, HandMadeAssociation.CookieAck,
        ];
        foreach (var chunk in chunks)
        {
            foreach (var denied in (Host[])[scene.Stranger, scene.Node.Outside, scene.Node.Remote])
            {
                var forged = new HandMadeAssociation(denied, scene.Server, 6000 + chunk, 30102);
                forged.ToServer(chunk, chunk == HandMadeAssociation.Init ? 0 : null);
                forged.ToServer(chunk, chunk == HandMadeAssociation.Init ? 0 : null);
                await scene.PassAsync(denied);
                Assert.False(forged.HasArrived(chunk), $"chunk {chunk} from {denied.Address} arrived");
            }

            var welcome = new HandMadeAssociation(scene.Client, scene.Server, 6100 + chunk, 30102);
            welcome.ToServer(chunk, chunk == HandMadeAssociation.Init ? 0 : null, 7);
            await scene.PassAsync(scene.Client);
            Assert.True(welcome.HasArrived(chunk), $"chunk {chunk} of an allowed source was lost");
        }
    }

    [Fact]
    public async Task Nothing_that_a_server_sends_in_the_middle_of_nothing_opens_it_to_whom_it_is_closed()
    {
        await using var scene = await PolicyScene.StartAsync();
        await scene.ApplyAsync(PolicyScene.OnlyFrom(PolicyScene.Pods("p0")));
        byte[] openers =
        [
            HandMadeAssociation.Heartbeat, HandMadeAssociation.HeartbeatAck, HandMadeAssociation.CookieEcho, HandMadeAssociation.Error, HandMadeAssociation.ShutdownAck,
            HandMadeAssociation.InitAck,
        ];
        foreach (var opener in openers)
        {
            var forged = new HandMadeAssociation(scene.Stranger, scene.Server, 6200 + opener, 30102);
            forged.ToClient(opener, value: 7);
            Assert.NotNull(await scene.Stranger.SeeAsync(seen => seen.Protocol == (int)TransportProtocol.Sctp && seen.DestinationPort == 6200 + opener));
            byte[] chunks = [HandMadeAssociation.Init, HandMadeAssociation.CookieEcho, HandMadeAssociation.Heartbeat, HandMadeAssociation.HeartbeatAck, HandMadeAssociation.Data];
            foreach (var chunk in chunks)
            {
                forged.ToServer(chunk, chunk == HandMadeAssociation.Init ? 0 : null, 7);
            }

            await scene.PassAsync(scene.Stranger);
            Assert.All(chunks, chunk => Assert.False(forged.HasArrived(chunk), $"chunk {chunk} arrived after the server's {opener}"));
        }
    }

    [Fact]
    public async Task A_Pod_reaches_itself_and_its_node_reaches_it_though_nobody_else_may()
    {
        await using var scene = await PolicyScene.StartAsync();
        await scene.ApplyAsync(PolicyScene.OnlyFrom() with { PolicyTypes = [TrafficDirection.Ingress, TrafficDirection.Egress] });
        scene.Node.Node.Send(scene.Server.Address, TransportProtocol.Sctp, 6301, 30102);
        Assert.NotNull(await scene.Server.SeeAsync(TransportProtocol.Sctp, 6301));
        scene.Stranger.Send(scene.Server.Address, TransportProtocol.Sctp, 6302, 30102);
        await scene.PassAsync(scene.Stranger);
        Assert.Null(await scene.Server.SeeAsync(TransportProtocol.Sctp, 6302, 0));
    }
}
