using System.Net;
using k8s.Models;
using Trunkline.Node.Pods;
using Trunkline.Node.Pods.Admission;
using Trunkline.Node.Pods.Probes;
using Trunkline.Node.Pods.State;
using Trunkline.Node.Pods.Variables;
using Xunit;

namespace Trunkline.Node.Tests.Pods;

public sealed class PurePodTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public void Restarts_wait_nothing_then_10_seconds_doubled_to_5_minutes_and_forget_after_10()
    {
        var backOff = new RestartBackOff();
        var waits = new List<double>();
        var now = Now;
        for (var restart = 0; restart < 8; restart++)
        {
            var due = backOff.NotBefore(now);
            waits.Add((due - now).TotalSeconds);
            backOff.Restarted(due);
            now = due;
        }

        Assert.Equal([0, 10, 20, 40, 80, 160, 300, 300], waits);
        Assert.Equal(now.AddMinutes(11), backOff.NotBefore(now.AddMinutes(11)));
    }

    [Fact]
    public void Addresses_rest_before_they_are_used_again_and_never_double()
    {
        var addresses = new PodAddresses(["10.128.2.0/29"]);
        Assert.True(addresses.TryReserve([IPAddress.Parse("10.128.2.3")]));
        Assert.False(addresses.TryReserve([IPAddress.Parse("10.128.2.3")]));
        Assert.False(addresses.TryReserve([IPAddress.Parse("10.128.2.1")])); // the node's
        Assert.False(addresses.TryReserve([IPAddress.Parse("10.128.4.2")]));
        var given = Enumerable.Range(0, 4).Select(_ => Assert.Single(addresses.Allocate()).ToString()).ToArray();
        Assert.Equal(["10.128.2.4", "10.128.2.5", "10.128.2.6", "10.128.2.2"], given);
        Assert.Throws<InvalidOperationException>(() => addresses.Allocate());
        addresses.Release([IPAddress.Parse("10.128.2.5")]);
        Assert.Equal("10.128.2.5", Assert.Single(addresses.Allocate()).ToString());
    }

    [Fact]
    public void A_Pod_of_two_families_has_both_addresses_or_none()
    {
        var addresses = new PodAddresses(["10.128.2.0/30", "fd01:0:0:1::/64"]);
        Assert.False(addresses.TryReserve([IPAddress.Parse("10.128.2.2")])); // a sandbox of one family is made anew
        Assert.True(addresses.TryReserve([IPAddress.Parse("10.128.2.2"), IPAddress.Parse("fd01:0:0:1::2")]));
        Assert.False(addresses.TryReserve([IPAddress.Parse("10.128.2.2"), IPAddress.Parse("fd01:0:0:1::3")]));
        addresses.Release([IPAddress.Parse("10.128.2.2"), IPAddress.Parse("fd01:0:0:1::2")]);
        Assert.Equal(["10.128.2.2", "fd01:0:0:1::3"], addresses.Allocate().Select(ip => ip.ToString()));
        Assert.Throws<InvalidOperationException>(() => addresses.Allocate());
        addresses.Release([IPAddress.Parse("10.128.2.2")]);
        Assert.Equal(["10.128.2.2", "fd01:0:0:1::4"], addresses.Allocate().Select(ip => ip.ToString()));
    }

    [Fact]
    public void The_downward_API_tells_the_primary_address_and_all_of_them()
    {
        var pod = Pod("1");
        string? Field(string path) => DownwardFields.Field(pod, path, ["10.128.2.5", "fd01::5"], ["192.168.126.11", "fd00:126::11"]);
        Assert.Equal(
            ("10.128.2.5", "10.128.2.5,fd01::5", "192.168.126.11", "192.168.126.11,fd00:126::11"),
            (Field("status.podIP"), Field("status.podIPs"), Field("status.hostIP"), Field("status.hostIPs")));
    }

    [Theory]
    [InlineData("$(A)-$(B)", "1-$(B)")]
    [InlineData("$$(A) $A $", "$(A) $A $")]
    [InlineData("$(A", "$(A")]
    [InlineData("$$$(A)", "$1")]
    public void Variables_are_expanded_where_they_are_known(string text, string expected) =>
        Assert.Equal(expected, VariableExpansion.Expand(text, new Dictionary<string, string> { ["A"] = "1" }));

    [Fact]
    public void Services_are_announced_as_docker_links_were()
    {
        AnnouncedService[] services =
        [
            .. new[]
            {
                Service("default", "kubernetes", "172.30.0.1", ("https", 443, "TCP")),
                Service("demo", "sctp-server", "172.30.7.7", ("n2", 30102, "SCTP")),
                Service("other", "hidden", "172.30.8.8", ("x", 1, "TCP")),
                Service("demo", "headless", "None", ("x", 1, "TCP")),
            }.Select(AnnouncedService.Of).OfType<AnnouncedService>(),
        ];
        var variables = ServiceVariables.Build(services, "demo", serviceLinks: true).ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.Equal("172.30.7.7", variables["SCTP_SERVER_SERVICE_HOST"]);
        Assert.Equal("30102", variables["SCTP_SERVER_SERVICE_PORT_N2"]);
        Assert.Equal("sctp://172.30.7.7:30102", variables["SCTP_SERVER_PORT_30102_SCTP"]);
        Assert.Equal("443", variables["KUBERNETES_SERVICE_PORT"]);
        Assert.DoesNotContain(variables.Keys, key => key.StartsWith("HIDDEN", StringComparison.Ordinal) || key.StartsWith("HEADLESS", StringComparison.Ordinal));
        Assert.All(ServiceVariables.Build(services, "demo", serviceLinks: false), pair => Assert.StartsWith("KUBERNETES_", pair.Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ffs", 3, false, true)]
    [InlineData("fff", 3, true, false)]
    [InlineData("ffsff", 3, false, true)]
    public void A_probe_needs_failures_in_a_row(string results, int threshold, bool failed, bool passing)
    {
        var tally = new ProbeTally(threshold, 1, initially: true);
        foreach (var result in results)
        {
            tally.Add(result == 's');
        }

        Assert.Equal((failed, passing), (tally.HasFailed, tally.Passing));
    }

    [Fact]
    public void A_node_refuses_what_does_not_fit_it()
    {
        var node = new V1Node
        {
            Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["zone"] = "a" } },
            Status = new V1NodeStatus { Allocatable = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("2"), ["memory"] = new("1Gi"), ["pods"] = new("2") } },
        };
        var small = Pod("100m");
        Assert.Null(PodAdmission.Refuse(small, [], node));
        Assert.Equal("OutOfpods", PodAdmission.Refuse(small, [small, small], node)?.Reason);
        var (reason, message) = PodAdmission.Refuse(Pod("1950m"), [small], node)!.Value;
        Assert.Equal("OutOfcpu", reason);
        Assert.EndsWith("resource: cpu, requested: 1950, used: 100, capacity: 2000", message, StringComparison.Ordinal);
        small.Spec.NodeSelector = new Dictionary<string, string> { ["zone"] = "b" };
        Assert.Equal("NodeAffinity", PodAdmission.Refuse(small, [], node)?.Reason);
    }

    [Fact]
    public void Hosts_and_resolver_files_read_as_a_kubelets()
    {
        var pod = Pod("1");
        pod.Spec.HostAliases = [new V1HostAlias { Ip = "10.1.1.1", Hostnames = ["one", "uno"] }];
        Assert.Contains("\n10.128.2.5\tweb\nfd01::5\tweb\n", PodFiles.Hosts(pod, ["10.128.2.5", "fd01::5"], "web"), StringComparison.Ordinal);
        Assert.EndsWith("10.1.1.1\tone\tuno\n", PodFiles.Hosts(pod, ["10.128.2.5"], "web"), StringComparison.Ordinal);
        Assert.Equal("search demo.svc.cluster.local svc.cluster.local cluster.local\nnameserver 172.30.0.10\noptions ndots:5\n", PodFiles.ResolvConf(pod, "nameserver 1.1.1.1\n"));
        pod.Spec.DnsPolicy = "Default";
        Assert.Equal("nameserver 1.1.1.1\n", PodFiles.ResolvConf(pod, "nameserver 1.1.1.1\n"));
    }

    // kubernetes/pkg/kubelet/network/dns/dns_test.go, in substance.
    [Theory]
    [InlineData("ClusterFirst", false, "cluster")]
    [InlineData("ClusterFirst", true, "node")]
    [InlineData("ClusterFirstWithHostNet", true, "cluster")]
    [InlineData("ClusterFirstWithHostNet", false, "cluster")]
    [InlineData("Default", false, "node")]
    [InlineData("None", false, "own")]
    public void A_Pods_resolver_file_follows_its_dnsPolicy(string policy, bool hostNetwork, string whose)
    {
        var pod = Pod("1");
        (pod.Spec.DnsPolicy, pod.Spec.HostNetwork) = (policy, hostNetwork);
        pod.Spec.DnsConfig = new V1PodDNSConfig
        {
            Nameservers = ["10.0.0.1", "10.0.0.2", "10.0.0.3"],
            Searches = ["my.example", "cluster.local"],
            Options = [new V1PodDNSConfigOption { Name = "ndots", Value = "2" }, new V1PodDNSConfigOption { Name = "edns0" }],
        };
        var expected = whose switch
        {
            "cluster" => "search demo.svc.cluster.local svc.cluster.local cluster.local rack.example my.example\nnameserver 172.30.0.10\nnameserver 10.0.0.1\nnameserver 10.0.0.2\noptions ndots:2 edns0\n",
            "node" => "search rack.example my.example cluster.local\nnameserver 1.1.1.1\nnameserver 10.0.0.1\nnameserver 10.0.0.2\noptions timeout:1 ndots:2 edns0\n",
            _ => "search my.example cluster.local\nnameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\noptions ndots:2 edns0\n",
        };
        Assert.Equal(expected, PodFiles.ResolvConf(pod, "nameserver 1.1.1.1\nsearch rack.example\noptions timeout:1\n"));
    }

    [Fact]
    public void A_resolver_file_is_read_and_cut_as_the_C_library_and_a_kubelet_do()
    {
        var pod = Pod("1");
        pod.Spec.DnsPolicy = "Default";
        Assert.Equal("search b.example c.example\nnameserver 1.1.1.1\noptions timeout:1 rotate\n",
            PodFiles.ResolvConf(pod, "search a.example\nnameserver 1.1.1.1 and more\noptions timeout:1\nsearch b.example c.example\noptions rotate\n"));

        pod.Spec.DnsPolicy = "None";
        pod.Spec.DnsConfig = new V1PodDNSConfig
        {
            Nameservers = ["10.0.0.1"],
            Options = [new V1PodDNSConfigOption { Name = "ndots", Value = "2" }, new V1PodDNSConfigOption { Name = "edns0" }, new V1PodDNSConfigOption { Name = "ndots", Value = "4" }],
        };
        Assert.Equal("nameserver 10.0.0.1\noptions edns0 ndots:4\n", PodFiles.ResolvConf(pod, "nameserver 1.1.1.1\n"));

        pod.Spec.DnsConfig = new V1PodDNSConfig { Nameservers = ["10.0.0.1"], Searches = [.. Enumerable.Range(0, 20).Select(i => $"{i:00}{new string('x', 198)}")] };
        var line = PodFiles.ResolvConf(pod, "").Split('\n')[0]["search ".Length..];
        Assert.Equal(10, line.Split(' ').Length); // 2,009 characters of 2,048
    }

    private static V1Pod Pod(string cpu) => new()
    {
        Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "demo" },
        Spec = new V1PodSpec
        {
            Containers =
            [
                new V1Container
                {
                    Name = "c",
                    Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu) } },
                },
            ],
        },
    };

    private static V1Service Service(string ns, string name, string ip, (string Name, int Port, string Protocol) port) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = ns },
        Spec = new V1ServiceSpec { ClusterIP = ip, Ports = [new V1ServicePort { Name = port.Name, Port = port.Port, Protocol = port.Protocol }] },
    };
}
