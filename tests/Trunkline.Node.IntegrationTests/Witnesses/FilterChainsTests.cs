using System.Net;
using Trunkline.Node.IntegrationTests.Kernel;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>
/// Each rule of the chains that ask policies, by a packet that goes another way without it. Pod 0 is closed in both directions, also to its node by the Admin tier;
/// everything is open to Pod 1.
/// </summary>
public sealed class FilterChainsTests : IAsyncLifetime
{
    private const int Sctp = 132, Udp = 17, Tcp = 6, Icmpv6 = 58, Port = 30102, NeighbourSolicitation = 135 << 8;
    private const uint PickedUp = 2;
    private const byte Heartbeat = 4;
    private readonly NodeRoutesView _routes = new NodeRoutesView().Own(Place.Own[0]).Own(Place.Own[1]);
    private RulesNode _node = null!;
    private Walker _walker = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await RulesNode.StartAsync();
        for (var pod = 0; pod < 3; pod++)
        {
            _routes.Host(Place.Pod(0, pod)[0], Place.Link(0, pod)).Host(Place.Pod(0, pod)[1], Place.Link(0, pod));
        }

        _routes.Network("0.0.0.0/0", Place.Uplink).Network("::/0", Place.Uplink);
        var locked = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "locked" } };
        ClusterPolicyRule denied = new(ClusterPolicyAction.Deny, [new ClusterPolicyPeer { Nodes = LabelSelector.Everything }, new ClusterPolicyPeer { Networks = [IPNetwork.Parse("fe80::/10")] }], []);
        await _node.ApplyAsync(
        [
            new ClusterSpec(0)
            {
                Pods =
                [
                    new PolicyPod("x", "locked") { NodeName = Place.OwnNode, Addresses = Place.Pod(0, 0), Labels = locked.MatchLabels },
                    new PolicyPod("x", "open") { NodeName = Place.OwnNode, Addresses = Place.Pod(0, 1) },
                ],
                Policies = [new NetworkPolicy("x", "closed") { PodSelector = locked, PolicyTypes = [TrafficDirection.Ingress, TrafficDirection.Egress] }],
                ClusterPolicies = [new ClusterNetworkPolicy("not-to-nodes") { Subject = new NamespacedPods(LabelSelector.Everything, locked), Egress = [denied] }],
            },
        ]);
        _walker = new Walker(await _node.ReadAsync(), _routes);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Each_direction_is_asked_of_Pods_only_and_both_are(int family)
    {
        var (locked, open, outside) = (Place.Pod(0, 0)[family], Place.Pod(0, 1)[family], Place.Outside[family]);
        Assert.Equal(Fate.Accepted, Walk(outside, open, Udp).Fate);
        Assert.Equal(Fate.Accepted, Walk(open, outside, Udp).Fate);
        Assert.Equal(Fate.Accepted, Walk(outside, Place.Other[family], Udp).Fate);
        Assert.Equal("drop_counted", Walk(locked, outside, Udp).Chain);
        Assert.Equal("drop_counted", Walk(outside, locked, Udp).Chain);
        Assert.Equal("drop_counted", Walk(open, locked, Sctp).Chain);
        Assert.Equal("drop_counted", Walk(locked, open, Tcp).Chain);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_address_behind_a_cable_that_is_nobodys_is_closed(int family)
    {
        Assert.Equal("drop_counted", Walk(Place.Pod(0, 2)[family], Place.Outside[family], Udp).Chain);
        Assert.Equal("drop_counted", Walk(Place.Outside[family], Place.Pod(0, 2)[family], Udp).Chain);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_Pod_reaches_itself_and_its_node_reaches_it(int family)
    {
        Assert.Equal(Fate.Accepted, Walk(Place.Pod(0, 0)[family], Place.Pod(0, 0)[family], Udp).Fate);
        Assert.Equal(Fate.Accepted, Walk(Place.Own[family], Place.Pod(0, 0)[family], Udp).Fate);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_was_judged_goes_on_and_what_belongs_to_nothing_is_judged(int family)
    {
        (IPAddress From, IPAddress To)[] closed =
        [
            (Place.Pod(0, 0)[family], Place.Outside[family]), (Place.Outside[family], Place.Pod(0, 0)[family]), (Place.Pod(0, 0)[family], Place.Own[family]),
        ];
        foreach (var (from, to) in closed)
        {
            foreach (var state in (CtState[])[CtState.Established, CtState.Related])
            {
                Assert.Equal(Fate.Accepted, Walk(from, to, Sctp, packet => packet with { State = state, Chunks = [0] }).Fate);
                Assert.Equal(Fate.Dropped, Walk(from, to, Sctp, packet => packet with { State = state, Chunks = [0], CtMark = PickedUp }).Fate);
            }

            Assert.Equal(Fate.Dropped, Walk(from, to, Sctp, packet => packet with { State = CtState.Invalid, Chunks = [0] }).Fate);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_flow_that_did_not_begin_with_an_INIT_is_marked_wherever_it_begins(int family)
    {
        (IPAddress From, IPAddress To)[] ways =
        [
            (Place.Pod(0, 1)[family], Place.Outside[family]), (Place.Outside[family], Place.Pod(0, 1)[family]), (Place.Pod(0, 1)[family], Place.Own[family]),
            (Place.Own[family], Place.Pod(0, 1)[family]),
        ];
        foreach (var (from, to) in ways)
        {
            Assert.Equal(PickedUp, Walk(from, to, Sctp, packet => packet with { Chunks = [Heartbeat] }).CtMark & PickedUp);
            Assert.Equal(0u, Walk(from, to, Sctp).CtMark & PickedUp);
            Assert.Equal(0u, Walk(from, to, Udp).CtMark & PickedUp);
        }

        // What no Pod has part in is left alone.
        Assert.Equal(0u, Walk(Place.Outside[family], Place.Own[family], Sctp, packet => packet with { Chunks = [Heartbeat] }).CtMark);
        Assert.Equal(0u, Walk(Place.Outside[family], Place.Other[family], Sctp, packet => packet with { Chunks = [Heartbeat] }).CtMark);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_both_ends_have_allowed_is_doubted_no_longer(int family)
    {
        const uint OthersToo = PickedUp | 1;
        (IPAddress From, IPAddress To)[] open =
        [
            (Place.Pod(0, 1)[family], Place.Outside[family]), (Place.Outside[family], Place.Pod(0, 1)[family]), (Place.Pod(0, 1)[family], Place.Own[family]),
            (Place.Own[family], Place.Pod(0, 1)[family]),
        ];
        foreach (var (from, to) in open)
        {
            foreach (var protocol in (int[])[Sctp, Udp])
            {
                Assert.Equal(1u, Walk(from, to, protocol, packet => packet with { State = CtState.Established, CtMark = OthersToo }).CtMark);
                Assert.Equal(OthersToo, Walk(from, to, protocol, packet => packet with { State = CtState.Established, CtMark = OthersToo, IsReply = true }).CtMark);
            }

            Assert.Equal(OthersToo, Walk(from, to, Sctp, packet => packet with { State = CtState.Established, CtMark = OthersToo, Chunks = [Heartbeat] }).CtMark);
        }

        (IPAddress From, IPAddress To)[] closed =
        [
            (Place.Pod(0, 0)[family], Place.Outside[family]), (Place.Outside[family], Place.Pod(0, 0)[family]), (Place.Pod(0, 0)[family], Place.Own[family]),
        ];
        foreach (var (from, to) in closed)
        {
            Assert.Equal(PickedUp, Walk(from, to, Sctp, packet => packet with { State = CtState.Established, CtMark = PickedUp }).CtMark);
            Assert.Equal(PickedUp, Walk(from, to, Udp, packet => packet with { State = CtState.Established, CtMark = PickedUp }).CtMark);
        }
    }

    [Fact]
    public void Neighbour_discovery_is_not_traffic_that_a_policy_ends()
    {
        var solicitation = new WalkedPacket(Place.Link(0, 0), Place.Pod(0, 0)[1], Place.Own[1], Icmpv6, NeighbourSolicitation, 0);
        Assert.Equal(Fate.Accepted, _walker.Walk(solicitation).Fate);
        Assert.Equal(Fate.Dropped, _walker.Walk(solicitation with { SourcePort = 128 << 8 }).Fate); // an echo request
        Assert.Equal(Fate.Accepted, _walker.Walk(solicitation with { In = Place.Uplink, Source = Place.Outside[1] }).Fate);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_a_cable_brings_comes_from_its_own_address(int family)
    {
        var forged = new WalkedPacket(Place.Link(0, 1), Place.Pod(0, 0)[family], Place.Outside[family], Udp, 40000, Port) { State = CtState.Established };
        Assert.Equal("sources", _walker.Walk(forged).Chain);
        Assert.Equal(Fate.Accepted, _walker.Walk(forged with { Source = Place.Pod(0, 1)[family] }).Fate);
    }

    // Broken on purpose, each of them, one at a time.
    [Fact]
    public void Without_any_one_of_these_rules_a_test_here_fails()
    {
        Action<int>[] tests =
        [
            Each_direction_is_asked_of_Pods_only_and_both_are, An_address_behind_a_cable_that_is_nobodys_is_closed, A_Pod_reaches_itself_and_its_node_reaches_it,
            What_was_judged_goes_on_and_what_belongs_to_nothing_is_judged, A_flow_that_did_not_begin_with_an_INIT_is_marked_wherever_it_begins,
            What_both_ends_have_allowed_is_doubted_no_longer, _ => Neighbour_discovery_is_not_traffic_that_a_policy_ends(), What_a_cable_brings_comes_from_its_own_address,
        ];
        var removed = 0;
        foreach (var chain in _walker.Rules.Chains.Values.Where(chain => chain.Name is "sources" or "egress" or "ingress" or "egress_to_node" or "node_to_pods" or "drop_counted"
            || chain.Name.StartsWith("allowed_", StringComparison.Ordinal)))
        {
            for (var index = 0; index < chain.Rules.Count; index++)
            {
                var rule = chain.Rules[index];
                if (rule.Text.Contains("@dropped", StringComparison.Ordinal))
                {
                    continue; // counts and does nothing else
                }

                chain.Rules.RemoveAt(index);
                Assert.True(tests.Any(test => Fails(test, 0) || Fails(test, 1)), $"{chain.Name} without {rule.Text}: nothing failed");
                chain.Rules.Insert(index, rule);
                removed++;
            }
        }

        Assert.True(removed > 20, $"{removed} rules");
        Assert.DoesNotContain(tests, test => Fails(test, 0) || Fails(test, 1));
    }

    [Theory]
    [InlineData(0, "dropped")]
    [InlineData(1, "dropped6")]
    public async Task Drops_are_counted_by_flow(int family, string set)
    {
        var chain = await _node.NftAsync("list", "chain", "inet", "trunkline", "drop_counted");
        var ip = family == 0 ? "ip" : "ip6";
        Assert.Contains($"update @{set} {{ {ip} saddr . {ip} daddr . meta l4proto . th dport", chain, StringComparison.Ordinal);
        Assert.Contains("counter packets", chain, StringComparison.Ordinal);
    }

    private static bool Fails(Action<int> test, int family) => Record.Exception(() => test(family)) is not null;

    private Outcome Walk(IPAddress source, IPAddress destination, int protocol, Func<WalkedPacket, WalkedPacket>? change = null)
    {
        var packet = new WalkedPacket(_routes.IsOwn(source) ? null : _routes.LinkTo(source), source, destination, protocol, 40000, Port);
        return _walker.Walk(change?.Invoke(packet) ?? packet);
    }
}
