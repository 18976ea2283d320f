using System.Net;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.Tests.Network.Cluster;

/// <summary>An address goes from Pod to Pod on its node before the API server knows of either.</summary>
public sealed class OwnPodsTests
{
    private readonly OwnPods _own = new();

    [Fact]
    public void An_address_that_a_Pod_has_left_is_not_its_own_though_the_API_server_says_so()
    {
        var known = Pod("old", "10.128.2.5", "api");
        _own.Announce(Pod("old", "10.128.2.5", "agent"));
        Assert.True(_own.Withdraw("old", isKnown: true));
        _own.Announce(Pod("new", "10.128.2.5", "agent"));
        Assert.Empty(_own.Of("old", known)!.Pod.Addresses);
        Assert.Empty(_own.Of("old", known)!.HostPorts);
        Assert.Equal([IPAddress.Parse("10.128.2.5")], _own.Of("new", null)!.Pod.Addresses);

        // A Pod that an earlier agent announced, and one that is made again.
        Assert.True(_own.Withdraw("earlier", isKnown: true));
        Assert.Empty(_own.Of("earlier", Pod("earlier", "10.128.2.6", "api"))!.Pod.Addresses);
        _own.Announce(Pod("earlier", "10.128.2.7", "agent"));
        Assert.Equal([IPAddress.Parse("10.128.2.7")], _own.Of("earlier", Pod("earlier", "10.128.2.6", "api"))!.Pod.Addresses);
        Assert.False(_own.Withdraw("nobody", isKnown: false));
    }

    [Fact]
    public void Labels_are_the_API_servers_and_addresses_the_nodes()
    {
        _own.Announce(Pod("pod", "10.128.2.5", "agent"));
        var pod = _own.Of("pod", Pod("pod", "10.128.9.9", "api"))!.Pod;
        Assert.Equal(("api", "10.128.2.5"), (pod.Labels["of"], $"{pod.Addresses[0]}"));
        Assert.True(_own.Withdraw("pod", isKnown: true));
        _own.Keep([]);
        Assert.Null(_own.Of("pod", null));
    }

    private static PodRecord Pod(string uid, string address, string of) => new(uid, new PolicyPod("x", uid)
    {
        Addresses = [IPAddress.Parse(address)],
        NodeName = "worker-0",
        Labels = new Dictionary<string, string> { ["of"] = of },
    })
    { HostPorts = [new HostPort(TransportProtocol.Sctp, 8080, 80)] };
}
