using System.Net.Sockets;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Associations live for months and policies change meanwhile: what is no longer allowed is cut, what is allowed loses nothing.</summary>
public sealed class PolicyChangeTests
{
    private const int Changes = 100, Port = 30102;
    private const TransportProtocol Sctp = TransportProtocol.Sctp, Tcp = TransportProtocol.Tcp, Udp = TransportProtocol.Udp;
    private const AddressFamily V4 = AddressFamily.InterNetwork, V6 = AddressFamily.InterNetworkV6;

    [Fact]
    public async Task An_allowed_association_loses_nothing_while_policies_around_it_change_a_hundred_times()
    {
        await using var scene = await PolicyScene.StartAsync();
        var allowed = await BeginThroughServiceAsync(scene);
        using var stop = new CancellationTokenSource();
        var traffic = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                allowed.SayToServer();
                allowed.SayToClient();
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
            }
        }, CancellationToken.None);
        for (var change = 0; change < Changes; change++)
        {
            await scene.ApplyAsync(Around(change));
        }

        await stop.CancelAsync();
        await traffic;
        await AssertWholeAsync(scene, allowed, "a hundred changes");
        // Our own transactions are not taken for somebody else's.
        Assert.True(scene.Node.WrittenAnew == 1, scene.Node.AllWords);
    }

    [Fact]
    public async Task What_a_change_no_longer_allows_is_cut_in_the_middle()
    {
        await using var scene = await PolicyScene.StartAsync();
        var allowed = await BeginThroughServiceAsync(scene);
        var index = 0;
        var goOn = new List<string>();
        foreach (var pod in scene.Node.Pods)
        {
            // Its kernel has no such connection and would reset it.
            await TestNode.NftAsync(pod, "add table inet silent; add chain inet silent sent { type filter hook output priority 0; }; add rule inet silent sent tcp flags rst drop");
        }

        foreach (var change in Table(scene))
        {
            await change.Allow();
            var cut = new HandMadeFlow(change.From ?? scene.Stranger, scene.Server, change.Protocol, 5100 + index++, Port) { Family = change.Family };
            await cut.BeginAsync();
            await change.Deny();
            if (!await IsCutAsync(scene, change, cut))
            {
                goOn.Add($"{change.What}, {change.Protocol}");
            }

            await AssertWholeAsync(scene, allowed, change.What);
        }

        Assert.Empty(goOn);
    }

    // What the server goes on to say must not open the flow again.
    private static async Task<bool> IsCutAsync(PolicyScene scene, Change change, HandMadeFlow cut)
    {
        var (client, isIpv6) = (change.From ?? scene.Stranger, change.Family == V6);
        if (change.Protocol == Sctp)
        {
            var (from, to) = isIpv6 ? (scene.Server.Address6!, client.Address6!) : (scene.Server.Address, client.Address);
            scene.Server.Send(to, Wire.Sctp(from, to, Port, cut.ClientPort, 0x0A0A0A0A, HandMadeAssociation.Heartbeat));
        }

        cut.SayToClient();
        await scene.PassAsync(scene.Server, client, isIpv6);
        cut.SayToServer();
        await scene.PassAsync(client, isIpv6: isIpv6);
        return !cut.IsHeard;
    }

    private static async Task AssertWholeAsync(PolicyScene scene, HandMadeFlow allowed, string what)
    {
        allowed.SayToServer();
        allowed.SayToClient();
        await scene.PassAsync(scene.Client);
        await scene.PassAsync(scene.Server, scene.Client);
        Assert.True(!allowed.Lost.Any(), $"{what}: a flow that is still allowed lost {string.Join(", ", allowed.Lost.Take(10))}");
        Assert.Single(scene.Node.Flows.List(), flow => flow.SourcePort == allowed.ClientPort && flow.IsTranslated && flow.IsAssociation);
    }

    // Through a Service of two endpoints, from a client that nobody may begin anything with: without the kernel's entry neither direction would arrive.
    private static async Task<HandMadeFlow> BeginThroughServiceAsync(PolicyScene scene)
    {
        scene.Always = [PolicyScene.Closed("p0", TrafficDirection.Ingress)];
        scene.Endpoints = [scene.Server, scene.Node.Pods[3]];
        await scene.ApplyAsync();
        for (var port = 5001; port < 5100; port++)
        {
            // The endpoint is chosen at random; the flow is known as soon as its INIT has left.
            scene.Client.Send(Given.ClusterIp, Wire.Sctp(scene.Client.Address, Given.ClusterIp, port, Given.Port, 0, HandMadeAssociation.Init, 7));
            var known = port;
            await TestNode.WaitAsync(() => scene.Node.Flows.List().Any(flow => flow.SourcePort == known));
            if (scene.Node.Flows.List().Single(flow => flow.SourcePort == port).Target.Equals(scene.Server.Address))
            {
                var flow = new HandMadeFlow(scene.Client, scene.Server, Sctp, port, Port) { Service = (Given.ClusterIp, Given.Port) };
                await flow.BeginAsync();
                return flow;
            }
        }

        throw new InvalidOperationException("a hundred associations, and none of them to this endpoint");
    }

    // Policies come and go, sets change, chains are made anew; the client is allowed by each of them.
    private static NetworkPolicy[] Around(int change) => (change % 5) switch
    {
        0 => [],
        1 => [PolicyScene.OnlyFrom(PolicyScene.Pods("p0"))],
        2 => [PolicyScene.OnlyFrom(PolicyScene.Pods("p0"), PolicyScene.Block($"192.168.{change}.0/24"))],
        3 => [PolicyScene.OnlyFrom(PolicyScene.Pods("p2")), PolicyScene.OnlyFrom(PolicyScene.Block("10.128.2.10/32")) with { Name = "second" }],
        _ => [PolicyScene.OnlyFrom(new PolicyPeer { NamespaceSelector = LabelSelector.Everything }), new NetworkPolicy("x", "egress") { PodSelector = PolicyScene.App("p0"), Egress = [PolicyRule.AllowAll] }],
    };

    private static IEnumerable<Change> Table(PolicyScene scene)
    {
        var (p0, p2, both) = (PolicyScene.Pods("p0"), PolicyScene.Pods("p2"), PolicyScene.OnlyFrom(PolicyScene.Pods("p0"), PolicyScene.Pods("p2")));
        var (onlyClient, byLabel) = (PolicyScene.OnlyFrom(p0), PolicyScene.OnlyFrom(p0, PolicyScene.Pods("friend")));
        var silent = PolicyScene.Closed("p2", TrafficDirection.Egress);
        var named = PolicyScene.Closed("p1", TrafficDirection.Ingress, new PolicyRule([p0], []), new PolicyRule([p2], [new PolicyPort { Protocol = Sctp, Name = "signalling" }]));
        foreach (var (protocol, family) in ((TransportProtocol, AddressFamily)[])[(Sctp, V4), (Sctp, V6), (Tcp, V4), (Tcp, V6), (Udp, V4), (Udp, V6), (HandMadeFlow.Icmp, V4)])
        {
            yield return new($"a policy that comes ({family})", protocol, () => scene.ApplyAsync(), () => scene.ApplyAsync(onlyClient)) { Family = family };
            yield return new($"egress of the source ({family})", protocol, () => scene.ApplyAsync(), () => scene.ApplyAsync(silent)) { Family = family };
        }

        yield return new("a peer that goes", Sctp, () => scene.ApplyAsync(both), () => scene.ApplyAsync(onlyClient));
        yield return new("a label of the source", Sctp, () => scene.ApplyAsync(pod => Label(pod, "p2", "friend"), byLabel), () => scene.ApplyAsync(byLabel));
        yield return new("a label of the server", Tcp, () => scene.ApplyAsync(pod => Label(pod, "p1", "other"), onlyClient), () => scene.ApplyAsync(onlyClient));
        yield return new("a label of the namespace", Sctp,
            () => scene.ApplyAsync("a", PolicyScene.OnlyFrom(p0, PolicyScene.Team("a"))), () => scene.ApplyAsync("b", PolicyScene.OnlyFrom(p0, PolicyScene.Team("a"))));
        yield return new("an ipBlock", Sctp, () => scene.ApplyAsync(PolicyScene.OnlyFrom(PolicyScene.Block("10.128.2.0/24"))),
            () => scene.ApplyAsync(PolicyScene.OnlyFrom(PolicyScene.Block("10.128.2.8/30"))));
        yield return new("the number behind a name", Sctp, () => scene.ApplyAsync(pod => Declare(pod, Port), named), () => scene.ApplyAsync(pod => Declare(pod, 9999), named));
        yield return new("the tier Admin", Sctp, () => scene.ApplyAsync(both), () => scene.ApplyAsync(PolicyScene.NotFromStranger(PolicyTier.Admin)));
        yield return new("the tier Baseline", Udp, () => scene.ApplyAsync(), () => scene.ApplyAsync(PolicyScene.NotFromStranger(PolicyTier.Baseline)));
        yield return new("a label of a Pod of another node", Sctp,
            () => scene.ApplyAsync(pod => Label(pod, "remote", "friend"), byLabel), () => scene.ApplyAsync(byLabel))
        { From = scene.Node.Remote };
    }

    private static PolicyPod Label(PolicyPod pod, string name, string app) => pod.Name == name ? pod with { Labels = new Dictionary<string, string> { ["app"] = app } } : pod;

    private static PolicyPod Declare(PolicyPod pod, int port) => pod.Name == "p1" ? pod with { Ports = [new NamedPort("signalling", Sctp, port)] } : pod;

    private sealed record Change(string What, TransportProtocol Protocol, Func<Task> Allow, Func<Task> Deny)
    {
        public AddressFamily Family { get; init; } = V4;

        /// <summary>Default: the stranger.</summary>
        public Host? From { get; init; }
    }
}
