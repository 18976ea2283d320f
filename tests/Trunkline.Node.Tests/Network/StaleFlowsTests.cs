using System.Net;
using Trunkline.Node.Network.Flows;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.Tests.Network;

public sealed class StaleFlowsTests
{
    private static TrackedFlow Flow(int protocol, string source, string destination, int port, string? target = null, int? targetPort = null) => new(
        protocol, IPAddress.Parse(source), 5000, IPAddress.Parse(destination), port, IPAddress.Parse(target ?? destination), targetPort ?? port);

    [Fact]
    public void Flows_that_policies_no_longer_allow_are_forgotten_by_the_node_of_the_Pod()
    {
        var denied = Flow(132, "10.128.4.5", "10.128.2.6", 30102);
        var translated = Flow(132, "10.128.4.5", "172.30.0.10", 30102, "10.128.2.5");
        var allowed = Flow(132, "10.128.2.6", "10.128.2.5", 30102);
        var elsewhere = Flow(132, "192.168.126.200", "10.128.4.5", 80);
        var cluster = new Lazy<PolicyCluster>(Sample.Cluster(Sample.SameNamespace));
        Assert.Equal([denied, translated], StaleFlows.Denied([denied, translated, allowed, elsewhere], cluster, "worker-0"));
        Assert.Empty(StaleFlows.Denied([denied, allowed, elsewhere], cluster, "worker-1"));
    }
}
