using System.Net;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Services;
using Xunit;

namespace Trunkline.Node.Tests.Network;

/// <summary>Which known flows are stale after a change, and which are never touched.</summary>
public sealed class FrontendFlowsTests
{
    private static readonly SliceEndpoint s_server = Sample.Ready(Sample.Server), s_client = Sample.Ready(Sample.Client);

    [Fact]
    public void An_endpoint_that_has_gone_takes_its_flows_with_it_at_every_frontend()
    {
        var flows = FrontendFlows.Of(new ServedChange("k", Served(s_server, s_client), Served(s_client))).ToList();
        Assert.Equal(["172.30.0.10 . sctp . 30102", "192.168.126.11 . sctp . 31102"], flows.Select(flow => flow.Key));
        Assert.All(flows, frontend => Assert.True(frontend.IsStale(Flow("10.128.2.5", association: true))));
        Assert.All(flows, frontend => Assert.False(frontend.IsStale(Flow("10.128.2.6", association: false))));
    }

    [Fact]
    public void An_endpoint_that_is_no_longer_ready_keeps_associations_that_stand_and_nothing_else()
    {
        var frontend = FrontendFlows.Of(new ServedChange("k", Served(s_server), Served(s_server with { Ready = false, Serving = false }))).First();
        Assert.False(frontend.IsStale(Flow("10.128.2.5", association: true)));
        Assert.True(frontend.IsStale(Flow("10.128.2.5", association: false)));
    }

    [Fact]
    public void One_that_ends_but_serves_keeps_all()
    {
        var ending = s_server with { Ready = false, Serving = true, Terminating = true };
        Assert.Empty(FrontendFlows.Of(new ServedChange("k", Served(s_server), Served(ending))));
    }

    [Fact]
    public void A_new_frontend_ends_what_began_before_it_and_one_that_has_gone_all_of_its_own()
    {
        var untranslated = Flow("172.30.0.10", association: false) with { TargetPort = 30102 };
        Assert.True(FrontendFlows.Of(new ServedChange("k", null, Served(s_server))).First().IsStale(untranslated));
        Assert.True(FrontendFlows.Of(new ServedChange("k", Served(s_server), null)).First().IsStale(Flow("10.128.2.5", association: true)));
    }

    [Fact]
    public void A_new_endpoint_and_the_same_again_ask_nothing()
    {
        Assert.Empty(FrontendFlows.Of(new ServedChange("k", Served(s_server), Served(s_server))));
        Assert.Empty(FrontendFlows.Of(new ServedChange("k", Served(s_server), Served(s_server, s_client))));
    }

    [Fact]
    public void A_filter_says_what_the_kernel_would()
    {
        var filter = new FlowFilter { Protocol = 132, Destination = IPAddress.Parse("172.30.0.10"), DestinationPort = 30102 };
        Assert.True(filter.Matches(Flow("10.128.2.5", association: false)));
        Assert.False((filter with { DestinationPort = 9 }).Matches(Flow("10.128.2.5", association: false)));
        Assert.False((filter with { Target = IPAddress.Parse("10.128.2.6") }).Matches(Flow("10.128.2.5", association: false)));
    }

    private static ServedThing Served(params SliceEndpoint[] endpoints) =>
        new(Sample.Service, ServiceTable.Build(new ServiceState(Sample.Service, [Sample.Slice(endpoints)]), Sample.Node));

    private static TrackedFlow Flow(string target, bool association) =>
        new(132, IPAddress.Parse("10.128.2.9"), 5000, IPAddress.Parse("172.30.0.10"), 30102, IPAddress.Parse(target), 30102) { IsAssociation = association };
}
