using System.Text.Json.Nodes;
using k8s.Models;
using Trunkline.Controllers.Dns;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Dns;

/// <summary>The DNS Service and its records, kept by the controllers against an API in memory.</summary>
public class ClusterDnsTests
{
    private const string Ns = "openshift-dns", Name = "dns-default";

    [Fact]
    public async Task The_Service_and_its_slices_are_made_in_both_families_and_come_back()
    {
        await using var harness = new Harness(Options(new Sink()), agents: false);
        await harness.UntilAsync(() => Service(harness) is not null && Slice(harness, "ipv4") is not null && Slice(harness, "ipv6") is not null, "Service and slices");
        var service = Service(harness)!;
        Assert.Equal(["172.30.0.10", "fd02::a"], service.Spec.ClusterIPs);
        Assert.Equal("PreferDualStack", service.Spec.IpFamilyPolicy);
        Assert.Equal("192.168.126.10", Slice(harness, "ipv4")!.Endpoints[0].Addresses[0]);
        Assert.Equal("fd00:126::10", Slice(harness, "ipv6")!.Endpoints[0].Addresses[0]);

        harness.Api.Remove("/services", Ns, Name);
        await harness.UntilAsync(() => Service(harness) is { } again && again.Metadata.Uid != service.Metadata.Uid, "the Service to come back");
    }

    [Theory]
    [InlineData("selector")]
    [InlineData("ports")]
    [InlineData("internalTrafficPolicy")]
    [InlineData("clusterIP")]
    [InlineData("type")]
    [InlineData("one family")]
    public async Task What_is_changed_by_hand_is_put_right(string what)
    {
        await using var harness = new Harness(Options(new Sink()), agents: false);
        await harness.UntilAsync(() => Service(harness) is not null, "the Service");
        var good = Service(harness)!.Spec;
        harness.Api.Change("/services", Ns, Name, service =>
        {
            var spec = service["spec"]!.AsObject();
            switch (what)
            {
                case "selector": spec["selector"] = new JsonObject { ["app"] = "mine" }; break;
                case "ports": spec["ports"]![0]!["port"] = 5353; break;
                case "internalTrafficPolicy": spec["internalTrafficPolicy"] = "Local"; break;
                case "clusterIP": (spec["clusterIP"], spec["clusterIPs"]) = ("172.30.0.77", new JsonArray("172.30.0.77")); break;
                case "type": (spec["type"], spec["externalName"]) = ("ExternalName", "example.com"); break;
                default: (spec["clusterIPs"], spec["ipFamilyPolicy"]) = (new JsonArray("172.30.0.10"), "SingleStack"); break;
            }
        });
        await harness.UntilAsync(() => Service(harness) is { } now && DnsServiceSpec.Same(now.Spec, good), $"{what} as it was");
    }

    [Fact]
    public async Task A_Service_that_has_its_address_is_told_so()
    {
        var taker = Make.Service("taker", with: s => (s.Spec.ClusterIP, s.Spec.ClusterIPs) = ("172.30.0.10", ["172.30.0.10"]));
        await using var harness = new Harness(Options(new Sink()), agents: false, before: api => api.Put(taker));
        await harness.UntilAsync(() => Events(harness, "ClusterDnsAddressTaken").Any(e => e.InvolvedObject.Name == "taker"), "the event");
    }

    [Fact]
    public async Task Records_that_a_server_does_not_take_are_told_and_given_again()
    {
        var sink = new Sink { Refusals = 3 };
        await using var harness = new Harness(Options(sink), agents: false);
        await harness.UntilAsync(() => sink.Taken is { } zones && zones[0].Records.Any(record => record.Name == $"{Name}.{Ns}.svc.cluster.local."), "the records");
        Assert.Equal(0, sink.Refusals);
        harness.Api.Put(Make.Service("late"));
        await harness.UntilAsync(() => sink.Taken!.Any(zone => zone.Records.Any(record => record.Name == "late.demo.svc.cluster.local.")), "a later change");
        sink.Refusals = 2;
        harness.Api.Remove("/services", "demo", "late");
        await harness.UntilAsync(() => sink.Taken!.All(zone => zone.Records.All(record => record.Name != "late.demo.svc.cluster.local.")), "the name to go");
        await harness.UntilAsync(() => Events(harness, "RecordsNotPublished").Any(e => e.Message == "the server does not take it"), "the event");
    }

    private static ControllerOptions Options(Sink sink) => Harness.Fast with
    {
        Dns = new ClusterDnsOptions { ServerAddresses = ["192.168.126.10", "fd00:126::10"], ServiceAddresses = ["172.30.0.10", "fd02::a"], Sink = sink },
    };

    private static V1Service? Service(Harness harness) => harness.Api.Get<V1Service>("/services", Ns, Name);

    private static V1EndpointSlice? Slice(Harness harness, string family) => harness.Api.Get<V1EndpointSlice>("discovery.k8s.io/endpointslices", Ns, $"{Name}-{family}");

    private static IEnumerable<Corev1Event> Events(Harness harness, string reason) => harness.Api.List<Corev1Event>("/events").Where(e => e.Reason == reason);

    private sealed class Sink : IRecordSink
    {
        public int Refusals { get; set; }

        public IReadOnlyList<DnsZone>? Taken { get; private set; }

        public Task PublishAsync(IReadOnlyList<DnsZone> zones, CancellationToken cancellationToken)
        {
            if (Refusals-- > 0)
            {
                throw new IOException("the server does not take it");
            }

            (Refusals, Taken) = (0, zones);
            return Task.CompletedTask;
        }
    }
}
