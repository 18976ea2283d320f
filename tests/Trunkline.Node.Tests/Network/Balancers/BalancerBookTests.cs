using System.Net;
using CsCheck;
using Trunkline.Node.Network.Balancers;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.Tests.Network.Balancers;

public sealed class BalancerBookTests
{
    private static readonly IPAddress[] s_addresses = [IPAddress.Parse("192.168.126.224"), IPAddress.Parse("fd00:126::e0")];

    [Fact]
    public void Each_address_has_one_node_and_they_spread()
    {
        var nodes = Nodes("a", "b", "c");
        var state = Balancer([.. Enumerable.Range(224, 31).Select(i => IPAddress.Parse($"192.168.126.{i}"))]);
        var mine = new[] { "a", "b", "c" }.ToDictionary(name => name, name => Mine(name, nodes, state));
        Assert.Equal(31, mine.Values.Sum(set => set.Count));
        Assert.Equal(31, mine.Values.SelectMany(set => set).Distinct().Count());
        Assert.All(mine.Values, set => Assert.NotEmpty(set));
    }

    [Fact]
    public void When_a_node_goes_only_its_own_addresses_move() => Gen.Select(Gen.Int[2, 6], Gen.Byte, Gen.Byte).Sample((count, host, gone) =>
    {
        var address = IPAddress.Parse($"192.168.126.{host}");
        var nodes = Enumerable.Range(0, count).Select(i => $"worker-{i}").ToList();
        var lost = nodes[gone % count];
        var before = BalancerChoice.Of(address, nodes);
        return before == lost || BalancerChoice.Of(address, nodes.Where(node => node != lost)) == before;
    });

    [Fact]
    public void A_node_that_is_not_Ready_or_takes_no_balancers_is_passed_over()
    {
        var nodes = Nodes("a", "b", "c");
        nodes[0] = nodes[0] with { IsReady = false };
        nodes[1] = nodes[1] with { Labels = new Dictionary<string, string> { [BalancerBook.ExcludedLabel] = "" } };
        Assert.Equal(["a 0", "b 0", "c 2"], new[] { "a", "b", "c" }.Select(name => $"{name} {Mine(name, nodes, Balancer(s_addresses)).Count}"));
    }

    [Fact]
    public void With_policy_Local_only_a_node_with_a_ready_endpoint_of_the_family_answers()
    {
        var nodes = Nodes("a", "b", "c");
        var state = Balancer(s_addresses, local: true,
            Slice(new SliceEndpoint(IPAddress.Parse("10.128.2.5"), true, "a"), new SliceEndpoint(IPAddress.Parse("10.128.4.5"), false, "b")),
            Slice(new SliceEndpoint(IPAddress.Parse("fd01::5"), true, "c")));
        Assert.Equal(["192.168.126.224"], Mine("a", nodes, state).Select(a => a.ToString()));
        Assert.Empty(Mine("b", nodes, state));
        Assert.Equal(["fd00:126::e0"], Mine("c", nodes, state).Select(a => a.ToString()));
        Assert.All(new[] { "a", "b", "c" }, name => Assert.Empty(Mine(name, nodes, Balancer(s_addresses, local: true))));
    }

    [Fact]
    public void With_policy_Local_an_address_stays_with_endpoints_that_end_and_still_serve_until_another_is_ready()
    {
        var nodes = Nodes("a", "b");
        var ending = new SliceEndpoint(IPAddress.Parse("10.128.2.5"), false, "a") { Serving = true, Terminating = true };
        var state = Balancer([s_addresses[0]], local: true, Slice(ending));
        Assert.Single(Mine("a", nodes, state));
        Assert.Empty(Mine("b", nodes, state));
        var successor = Balancer([s_addresses[0]], local: true, Slice(ending, new SliceEndpoint(IPAddress.Parse("10.128.4.5"), true, "b")));
        Assert.Empty(Mine("a", nodes, successor));
        Assert.Single(Mine("b", nodes, successor));
    }

    [Fact]
    public void Only_what_counts_is_a_change()
    {
        var book = new BalancerBook("a");
        Assert.True(book.Apply(Delta(Nodes("a", "b"), Balancer(s_addresses)) with { IsWhole = true }));
        Assert.False(book.Apply(Delta(Nodes("b", "a"))));
        Assert.False(book.Apply(new ClusterDelta(Nothing) { Services = [new Change<ServiceState>("n/plain", Balancer([]))] }));
        Assert.True(book.Apply(Delta(Nodes("a"))));
        Assert.Equal(2, book.Mine().Count);
        Assert.True(book.Apply(new ClusterDelta(Nothing) { Services = [new Change<ServiceState>("n/s", null)] }));
        Assert.Empty(book.Mine());
    }

    private static readonly Lazy<PolicyCluster> Nothing = new(() => new PolicyCluster([], [], []));

    private static IReadOnlySet<IPAddress> Mine(string node, IReadOnlyList<NodeRecord> nodes, ServiceState state)
    {
        var book = new BalancerBook(node);
        book.Apply(Delta(nodes, state) with { IsWhole = true });
        return book.Mine();
    }

    private static ClusterDelta Delta(IReadOnlyList<NodeRecord> nodes, ServiceState? state = null) =>
        new(Nothing) { Nodes = nodes, Services = state is null ? [] : [new Change<ServiceState>("n/s", state)] };

    private static List<NodeRecord> Nodes(params string[] names) => [.. names.Select(name => new NodeRecord(name, [], []) { IsReady = true })];

    private static ServiceState Balancer(IReadOnlyList<IPAddress> addresses, bool local = false, params SliceRecord[] slices) =>
        new(new ServiceRecord("n", "s") { LoadBalancerIps = addresses, ExternalLocal = local }, slices);

    private static SliceRecord Slice(params SliceEndpoint[] endpoints) => new("n", "s") { Endpoints = endpoints };
}
