using System.Net;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Policies;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Operations.Tests.Policies;

public sealed class FlowNamesTests
{
    [Theory]
    [InlineData("sctpclient", "sctp-demo/sctpclient")]
    [InlineData("pod/sctpclient", "sctp-demo/sctpclient")]
    [InlineData("default/stranger", "default/stranger")]
    [InlineData("po/default/stranger", "default/stranger")]
    [InlineData("node/worker-0", "192.168.1.10")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("fd00::1", "fd00::1")]
    public void A_source_is_found_by_what_people_call_it(string text, string end) => Assert.Equal(end, $"{Names().Source(text)}");

    [Theory]
    [InlineData("nobody", "there is no Pod sctp-demo/nobody; there is sctpserver, sctpclient.")]
    [InlineData("node/worker-9", "there is no node worker-9; there is worker-0.")]
    [InlineData("service/sctpservice", "a Service begins no flow")]
    [InlineData("a/b/c/d", "names no end of a flow")]
    public void What_is_not_there_is_said_with_what_is(string text, string words) =>
        Assert.Contains(words, Assert.Throws<ClusterException>(() => Names().Source(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("sctpserver", "30102", "sctp-demo/sctpserver", 30102, null)]
    [InlineData("sctpserver", "ngap", "sctp-demo/sctpserver", 30102, null)]
    [InlineData("svc/sctpservice", "38412", "10.128.0.2", 30102, "Service sctp-demo/sctpservice port 38412")]
    [InlineData("service/sctp-demo/sctpservice", "s", "10.128.0.2", 30102, "Service sctp-demo/sctpservice port 38412")]
    [InlineData("172.30.0.9", "38412", "10.128.0.2", 30102, "Service sctp-demo/sctpservice port 38412")]
    [InlineData("192.0.2.7", "9", "192.0.2.7", 9, null)]
    public void A_destination_is_where_the_flow_ends_after_translation(string text, string port, string end, int number, string? through)
    {
        var target = Assert.Single(Names().Destinations(text, port, TransportProtocol.Sctp));
        Assert.Equal((end, number, through), ($"{target.End}", target.Port, target.Through));
    }

    [Theory]
    [InlineData("sctpserver", "nameless", "declares no SCTP port \"nameless\"")]
    [InlineData("sctpserver", "70000", "a number from 1 to 65535")]
    [InlineData("svc/sctpservice", "80", "has no SCTP port 80; there is 38412.")]
    public void A_port_that_is_not_there_is_said(string text, string port, string words) =>
        Assert.Contains(words, Assert.Throws<ClusterException>(() => Names().Destinations(text, port, TransportProtocol.Sctp)).Message, StringComparison.Ordinal);

    [Fact]
    public void Pods_are_read_as_policies_see_them()
    {
        var cluster = PolicyClusters.Of(Demo.Objects(Demo.AllowClient));
        var server = cluster.PodAt(IPAddress.Parse("fd01::2"))!;
        Assert.Equal(("worker-0", false), (server.NodeName, server.HostNetwork));
        Assert.Equal(new NamedPort("ngap", TransportProtocol.Sctp, 30102), Assert.Single(server.Ports));
        Assert.Null(cluster.PodAt(IPAddress.Parse("10.128.2.4"))); // completed: its address is nobody's
        Assert.Equal("sctp-demo", cluster.NamespaceLabels("sctp-demo")["kubernetes.io/metadata.name"]);
        Assert.Equal("worker-0", cluster.NodeAt(IPAddress.Parse("192.168.1.10"))!.Name);
        var (client, stranger) = (cluster.PodAt(IPAddress.Parse("10.128.2.2"))!, cluster.PodAt(IPAddress.Parse("10.128.2.3"))!);
        Assert.True(PolicyEvaluator.Evaluate(cluster, FlowEnd.Of(client), FlowEnd.Of(server), TransportProtocol.Sctp, 30102).Allowed);
        Assert.False(PolicyEvaluator.Evaluate(cluster, FlowEnd.Of(stranger), FlowEnd.Of(server), TransportProtocol.Sctp, 30102).Allowed);
        Assert.False(PolicyEvaluator.Evaluate(cluster, FlowEnd.Of(client), FlowEnd.Of(server), TransportProtocol.Tcp, 30102).Allowed);
    }

    private static FlowNames Names()
    {
        var objects = Demo.Objects();
        return new FlowNames(objects, PolicyClusters.Of(objects), "sctp-demo");
    }
}
