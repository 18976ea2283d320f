using CsCheck;
using k8s.Models;
using Trunkline.Controllers.Dns;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Dns;

/// <summary>Objects of a cluster → its records, by the rows of "Kubernetes DNS-Based Service Discovery" 1.1.0.</summary>
public class ServiceDiscoveryTests
{
    private const string Domain = "svc.cluster.local.";

    [Fact]
    public void The_zone_says_its_version_and_who_serves_it()
    {
        Assert.Equal(
            ["cluster.local. NS ns.dns.cluster.local.", "dns-version.cluster.local. TXT \"1.1.0\"", "ns.dns.cluster.local. A 172.30.0.10"],
            Forward([], []));
    }

    [Fact]
    public void A_Service_has_its_address_in_both_families_its_named_ports_and_its_name_in_reverse()
    {
        var service = Make.Service("sctpservice", "sctp-demo", s =>
        {
            s.Spec.ClusterIPs = ["172.30.0.9", "fd02::9"];
            s.Spec.Ports =
            [
                new V1ServicePort { Name = "sctpserver", Port = 30102, Protocol = "SCTP" }, new V1ServicePort { Name = "web", Port = 80 },
                new V1ServicePort { Name = "dns", Port = 53, Protocol = "UDP" },
            ];
        });
        Assert.Equal(
            [
                $"_dns._udp.sctpservice.sctp-demo.{Domain} SRV 0 100 53 sctpservice.sctp-demo.{Domain}",
                $"_sctpserver._sctp.sctpservice.sctp-demo.{Domain} SRV 0 100 30102 sctpservice.sctp-demo.{Domain}",
                $"_web._tcp.sctpservice.sctp-demo.{Domain} SRV 0 100 80 sctpservice.sctp-demo.{Domain}",
                $"sctpservice.sctp-demo.{Domain} A 172.30.0.9",
                $"sctpservice.sctp-demo.{Domain} AAAA fd02::9",
            ],
            Own([service], []));
        Assert.Equal(
            [
                $"9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.d.f.ip6.arpa. PTR sctpservice.sctp-demo.{Domain}",
                $"9.0.30.172.in-addr.arpa. PTR sctpservice.sctp-demo.{Domain}",
            ],
            Reverse([service], []));
    }

    [Fact]
    public void A_port_without_name_has_no_SRV()
    {
        Assert.Equal([$"s.demo.{Domain} A 172.30.0.9"], Own([Make.Service("s", with: s => s.Spec.Ports = [new V1ServicePort { Port = 80 }])], []));
    }

    [Fact]
    public void A_headless_Service_lists_each_ready_endpoint_and_names_it()
    {
        var service = Make.Service("db", with: s => s.Spec.ClusterIP = "None");
        V1EndpointSlice[] slices =
        [
            Slice("db", "IPv4",
                new V1Endpoint { Addresses = ["10.128.0.5"], Hostname = "db-0", Conditions = new V1EndpointConditions { Ready = true } },
                new V1Endpoint { Addresses = ["10.128.0.6"] }, // nothing said is ready
                new V1Endpoint { Addresses = ["10.128.0.7"], Hostname = "db-2", Conditions = new V1EndpointConditions { Ready = false } }),
            Slice("db", "IPv6", new V1Endpoint { Addresses = ["fd01::5"], Hostname = "db-0" }),
            Slice("other", "IPv4", new V1Endpoint { Addresses = ["10.128.0.99"] }),
        ];
        Assert.Equal(
            [
                $"10-128-0-6.db.demo.{Domain} A 10.128.0.6",
                $"_ngap._sctp.db.demo.{Domain} SRV 0 100 38412 10-128-0-6.db.demo.{Domain}",
                $"_ngap._sctp.db.demo.{Domain} SRV 0 100 38412 db-0.db.demo.{Domain}",
                $"db-0.db.demo.{Domain} A 10.128.0.5",
                $"db-0.db.demo.{Domain} AAAA fd01::5",
                $"db.demo.{Domain} A 10.128.0.5",
                $"db.demo.{Domain} A 10.128.0.6",
                $"db.demo.{Domain} AAAA fd01::5",
            ],
            Own([service], slices));
        Assert.Equal(
            [
                $"5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.d.f.ip6.arpa. PTR db-0.db.demo.{Domain}",
                $"5.0.128.10.in-addr.arpa. PTR db-0.db.demo.{Domain}",
                $"6.0.128.10.in-addr.arpa. PTR 10-128-0-6.db.demo.{Domain}",
            ],
            Reverse([service], slices));
    }

    [Fact]
    public void An_ExternalName_is_a_CNAME_and_nothing_else()
    {
        var service = Make.Service("out", with: s => (s.Spec.Type, s.Spec.ClusterIP, s.Spec.ExternalName) = ("ExternalName", null, "gnb.example.com"));
        Assert.Equal([$"out.demo.{Domain} CNAME gnb.example.com."], Own([service], [Slice("out", "IPv4", new V1Endpoint { Addresses = ["10.1.1.1"] })]));
        Assert.Empty(Reverse([service], []));
    }

    [Fact]
    public void A_Service_without_address_yet_has_no_record()
    {
        Assert.Empty(Own([Make.Service("s", with: s => s.Spec.ClusterIP = null)], []));
        Assert.Empty(Own([Make.Service("s", with: s => s.Spec.ClusterIP = "")], []));
    }

    [Fact]
    public void Pods_have_their_addresses_as_names_until_they_are_over()
    {
        V1Pod[] pods =
        [
            Make.Running("a", "10.128.2.5", with: p => p.Status.PodIPs = [new V1PodIP { Ip = "10.128.2.5" }, new V1PodIP { Ip = "fd01::2:5" }]),
            Make.Running("b", "10.128.2.6", with: p => p.Status.Phase = "Succeeded"),
            Make.Pod("c"),
        ];
        Assert.Equal(
            ["10-128-2-5.demo.pod.cluster.local. A 10.128.2.5", "fd01--2-5.demo.pod.cluster.local. AAAA fd01::2:5"],
            Forward([], [], pods).Where(line => line.Contains(".pod.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\nevil A 1.2.3.4")]
    [InlineData("a;b")]
    [InlineData("$INCLUDE")]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void What_is_no_name_never_reaches_the_zone_file(string bad)
    {
        var external = Make.Service("out", with: s => (s.Spec.Type, s.Spec.ClusterIP, s.Spec.ExternalName) = ("ExternalName", null, bad));
        var headless = Make.Service("db", with: s => s.Spec.ClusterIP = "None");
        var slice = Slice("db", "IPv4", new V1Endpoint { Addresses = [bad, "fe80::1%eth0"], Hostname = bad }, new V1Endpoint { Addresses = ["10.128.0.6"], Hostname = bad });
        slice.Ports[0].Name = bad;
        Assert.Equal([$"10-128-0-6.db.demo.{Domain} A 10.128.0.6", $"db.demo.{Domain} A 10.128.0.6"], Own([external, headless, Make.Service(bad)], [slice]));
    }

    // With its underscore it is one octet more: a server refuses a whole zone for one label of 64.
    [Fact]
    public void A_port_name_of_63_characters_has_no_SRV_and_one_of_62_has()
    {
        var slice = Slice("db", "IPv4", new V1Endpoint { Addresses = ["10.128.0.6"], Hostname = "h" });
        slice.Ports = [new Discoveryv1EndpointPort { Name = new string('p', 63), Port = 1 }, new Discoveryv1EndpointPort { Name = new string('q', 62), Port = 2 }];
        var srv = Own([Make.Service("db", with: s => s.Spec.ClusterIP = "None")], [slice]).Where(line => line.Contains(" SRV ", StringComparison.Ordinal));
        Assert.Equal([$"_{new string('q', 62)}._tcp.db.demo.{Domain} SRV 0 100 2 h.db.demo.{Domain}"], srv);
    }

    // RFC 1035 section 2.3.4. Names of objects are of any length and of characters that mean something in a master file.
    [Fact]
    public void Whatever_objects_are_called_every_name_in_a_zone_can_be_a_name()
    {
        var word = Gen.Char["ab-_.\n ;$9Z"].Array[1, 70].Select(letters => new string(letters));
        var likely = Gen.Char["ab9"].Array[55, 66].Select(letters => new string(letters));
        var name = Gen.OneOf(word, likely);
        Gen.Select(name, name, name, name, name).Sample((service, ns, port, host, external) =>
        {
            var headless = Make.Service(service, ns, s => (s.Spec.ClusterIP, s.Spec.Ports[0].Name) = ("None", port));
            var plain = Make.Service($"{service}x", ns, s => s.Spec.Ports[0].Name = port);
            var outside = Make.Service($"{service}y", ns, s => (s.Spec.Type, s.Spec.ExternalName) = ("ExternalName", external));
            var slice = Slice(service, "IPv6", new V1Endpoint { Addresses = ["fd01:1111:2222:3333:4444:5555:6666:7777"], Hostname = host });
            (slice.Metadata.NamespaceProperty, slice.Ports[0].Name, slice.Ports[0].Protocol) = (ns, port, host);
            foreach (var zone in ServiceDiscovery.Zones(Options, [headless, plain, outside], [slice], [Make.Running("p", "10.1.1.1", ns: ns)]))
            {
                foreach (var line in zone.ToMasterFile(1).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
                {
                    var words = line.Split(' ');
                    Assert.Contains(words[1], (string[])["SOA", "NS", "A", "AAAA", "SRV", "CNAME", "PTR", "TXT"]);
                    Assert.All(words[1] is "SRV" or "CNAME" or "PTR" or "NS" ? [words[0], words[^1]] : (string[])[words[0]], AssertName);
                }
            }
        }, iter: 2000);
    }

    [Fact]
    public void A_server_of_two_families_has_an_address_in_each()
    {
        var options = Options with { ServiceAddresses = ["172.30.0.10", "fd02::a"] };
        foreach (var zone in ServiceDiscovery.Zones(options, [], [], []))
        {
            Assert.Contains(new DnsRecord("ns.dns.cluster.local.", "A", "172.30.0.10"), zone.Records);
            Assert.Contains(new DnsRecord("ns.dns.cluster.local.", "AAAA", "fd02::a"), zone.Records);
        }
    }

    private static void AssertName(string name)
    {
        Assert.EndsWith(".", name, StringComparison.Ordinal);
        Assert.True(name.Length <= 254, name);
        Assert.All(name == "." ? [] : name[..^1].Split('.'), label => Assert.InRange(label.Length, 1, 63));
    }

    [Fact]
    public void A_zone_is_written_as_a_master_file()
    {
        var zone = ServiceDiscovery.Zones(Options, [Make.Service("s")], [], [])[0];
        Assert.StartsWith(
            "$TTL 5\ncluster.local. SOA ns.dns.cluster.local. hostmaster.cluster.local. 17 7200 1800 86400 5\n_sctpserver._sctp.s.demo.svc.cluster.local. SRV 0 100 30102 ",
            zone.ToMasterFile(17), StringComparison.Ordinal);
    }

    private static ClusterDnsOptions Options { get; } = new() { ServerAddresses = ["192.168.126.10"], Sink = new Nowhere() };

    private static V1EndpointSlice Slice(string service, string family, params V1Endpoint[] endpoints) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = $"{service}-{family}",
            NamespaceProperty = "demo",
            Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = service },
        },
        AddressType = family,
        Endpoints = endpoints,
        Ports = [new Discoveryv1EndpointPort { Name = "ngap", Port = 38412, Protocol = "SCTP" }, new Discoveryv1EndpointPort { Name = "", Port = 9 }],
    };

    private static IEnumerable<string> Own(V1Service[] services, V1EndpointSlice[] slices) =>
        Forward(services, slices).Where(line => line.Contains($".{Domain} ", StringComparison.Ordinal));

    private static List<string> Forward(V1Service[] services, V1EndpointSlice[] slices, params V1Pod[] pods) => Lines(ServiceDiscovery.Zones(Options, services, slices, pods)[0]);

    private static IEnumerable<string> Reverse(V1Service[] services, V1EndpointSlice[] slices) =>
        Lines(ServiceDiscovery.Zones(Options, services, slices, [])[1]).Where(line => line.Contains(" PTR ", StringComparison.Ordinal));

    private static List<string> Lines(DnsZone zone) => [.. zone.Records.Select(record => $"{record.Name} {record.Type} {record.Data}")];

    private sealed class Nowhere : IRecordSink
    {
        public Task PublishAsync(IReadOnlyList<DnsZone> zones, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
