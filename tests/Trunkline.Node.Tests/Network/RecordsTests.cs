using k8s;
using k8s.Models;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.Tests.Network;

public sealed class RecordsTests
{
    // "the IPs present in the node.Status.Addresses field" (ClusterNetworkPolicy's nodes); routes lead to the internal ones only.
    [Fact]
    public void A_nodes_addresses_are_all_that_its_status_has()
    {
        var node = Records.Of(new V1Node
        {
            Metadata = new V1ObjectMeta { Name = "n" },
            Status = new V1NodeStatus
            {
                Addresses =
                [
                    new V1NodeAddress { Type = "Hostname", Address = "10.9.9.9" }, new V1NodeAddress { Type = "InternalIP", Address = "10.0.0.1" },
                    new V1NodeAddress { Type = "ExternalIP", Address = "203.0.113.1" }, new V1NodeAddress { Type = "InternalIP", Address = "fd00::1" },
                ],
            },
        });
        Assert.Equal(["10.0.0.1", "fd00::1"], node.Addresses.Select(address => $"{address}"));
        Assert.Equal(["10.0.0.1", "203.0.113.1", "fd00::1"], node.AllAddresses.Select(address => $"{address}"));
    }

    [Fact]
    public void The_guides_deny_policy_as_a_lenient_client_stores_it_selects_all_and_allows_nothing()
    {
        var policy = PolicyRecords.Of(KubernetesJson.Deserialize<PolicyObject>(
            """{"metadata":{"name":"sctp-deny-other-namespaces","namespace":"sctp-demo"},"spec":{"podSelector":{},"policyTypes":["Ingress"]}}"""));
        Assert.True(policy.Selects(Sample.Server));
        Assert.True(policy.Isolates(TrafficDirection.Ingress));
        Assert.False(policy.Isolates(TrafficDirection.Egress));
        Assert.Empty(policy.Ingress);
    }

    [Theory]
    [InlineData("""{"podIP":"10.128.2.5","podIPs":[{"ip":"10.128.2.5"},{"ip":"fd01::5"},{"ip":"10.128.2.6"}]}""", "10.128.2.5 fd01::5")]
    [InlineData("""{"podIP":"10.128.2.5"}""", "10.128.2.5")]
    [InlineData("""{"podIPs":[{"ip":"fd01::5"},{"ip":"no address"}]}""", "fd01::5")]
    [InlineData("{}", "")]
    public void A_Pod_has_at_most_one_address_a_family(string status, string expected)
    {
        var pod = Records.Of(KubernetesJson.Deserialize<V1Pod>($$"""{"metadata":{"name":"p","namespace":"n","uid":"u"},"status":{{status}} }""")).Pod;
        Assert.Equal(expected, string.Join(' ', pod.Addresses));
        Assert.Equal(expected.Length > 0, pod.IsSelectable);
    }

    [Fact]
    public void A_ClusterNetworkPolicy_is_read_from_the_API()
    {
        var policy = PolicyRecords.OfCluster(KubernetesJson.Deserialize<PolicyObject>(
            """
            {"apiVersion":"policy.networking.k8s.io/v1alpha2","kind":"ClusterNetworkPolicy","metadata":{"name":"c"},"spec":{"tier":"Admin","priority":7,"subject":{"namespaces":{}},
            "ingress":[{"action":"Deny","from":[{"namespaces":{}}],"protocols":[{"sctp":{"destinationPort":{"number":38412}}}]}]}}
            """));
        Assert.Equal(("c", PolicyTier.Admin, 7, "SCTP 38412"), (policy.Name, policy.Tier, policy.Priority, $"{policy.Ingress[0].Ports[0]}"));
    }

    [Fact]
    public void Ports_and_peers_keep_their_kinds()
    {
        var policy = PolicyRecords.Of(KubernetesJson.Deserialize<PolicyObject>(
            """
            {"metadata":{"name":"p","namespace":"n"},"spec":{"podSelector":{"matchLabels":{"app":"a"}},"ingress":[{"ports":[{"protocol":"SCTP","port":30102,"endPort":30110},
            {"port":"web"},{"protocol":"UDP"}],"from":[{"namespaceSelector":{}},{"podSelector":{"matchExpressions":[{"key":"k","operator":"NotIn","values":["v"]}]}},
            {"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}]}]}}
            """));
        var rule = Assert.Single(policy.Ingress);
        Assert.Equal(["SCTP 30102-30110", "TCP web", "UDP any port"], rule.Ports.Select(port => port.ToString()));
        Assert.Equal(
            ["all Pods of namespaces {}", "Pods {k notin (v)} of the policy's namespace", "ipBlock 10.0.0.0/8 except 10.1.0.0/16"], rule.Peers.Select(peer => peer.ToString()));
    }

    [Fact]
    public void A_Service_without_nodePort_and_an_endpoint_without_conditions()
    {
        var service = ServiceReader.Of(KubernetesJson.Deserialize<V1Service>(
            """{"metadata":{"name":"s","namespace":"n"},"spec":{"clusterIP":"None","ports":[{"port":80}]}}"""));
        Assert.Empty(service.ClusterIps);
        Assert.Equal(new(TransportProtocol.Tcp, null), (Assert.Single(service.Ports).Protocol, service.Ports[0].NodePort));
        var slice = ServiceReader.Of(KubernetesJson.Deserialize<V1EndpointSlice>(
            """
            {"metadata":{"name":"s-1","namespace":"n","labels":{"kubernetes.io/service-name":"s"}},"addressType":"IPv4","ports":[{"name":"","port":80,"protocol":"SCTP"}],
            "endpoints":[{"addresses":["10.128.2.5"]},{"addresses":["fd00::1"]},{"addresses":["10.128.2.6"],"conditions":{"ready":false}}]}
            """));
        Assert.Equal("s", slice.Service);
        Assert.Equal(["10.128.2.5 True", "fd00::1 True", "10.128.2.6 False"], slice.Endpoints.Select(Text));

        static string Text(SliceEndpoint endpoint) => $"{endpoint.Address} {endpoint.Ready}";
    }
}
