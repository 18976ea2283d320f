using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Endpoints;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Endpoints;

public class EndpointSliceBuilderTests
{
    [Fact]
    public void A_ready_Pod_is_an_endpoint_as_a_real_cluster_writes_it()
    {
        var slice = Assert.Single(Plan(Make.Service("sctpservice"), [Backend("a", "10.128.0.5")]).Create);
        Assert.Equal("IPv4", slice.AddressType);
        Assert.Equal("sctpservice-", slice.Metadata.GenerateName);
        Assert.Equal("endpointslice-controller.k8s.io", slice.Label("endpointslice.kubernetes.io/managed-by"));
        Assert.Equal("sctpservice", slice.Label("kubernetes.io/service-name"));
        var owner = Assert.Single(slice.Metadata.OwnerReferences);
        Assert.True(owner is { Kind: "Service", Name: "sctpservice", Controller: true, BlockOwnerDeletion: true });
        var port = Assert.Single(slice.Ports);
        Assert.Equal(("sctpserver", 30102, "SCTP"), (port.Name, port.Port, port.Protocol));
        var endpoint = Assert.Single(slice.Endpoints);
        Assert.Equal(["10.128.0.5"], endpoint.Addresses);
        Assert.True(endpoint.Conditions is { Ready: true, Serving: true, Terminating: false });
        Assert.Equal("worker-0", endpoint.NodeName);
        Assert.True(endpoint.TargetRef is { Kind: "Pod", Name: "a", NamespaceProperty: "demo", Uid: "uid-a" });
    }

    [Fact]
    public void A_Service_without_Pods_has_one_empty_slice()
    {
        var slice = Assert.Single(Plan(Make.Service("s"), []).Create);
        Assert.Null(slice.Endpoints);
        Assert.Null(slice.Ports);
    }

    [Theory]
    [InlineData(true, false, false, true, true, false)]
    [InlineData(false, false, false, false, false, false)]
    [InlineData(true, true, false, false, true, true)]
    [InlineData(false, true, false, false, false, true)]
    [InlineData(false, false, true, true, false, false)]
    [InlineData(false, true, true, true, false, true)]
    public void Conditions(bool podReady, bool deleting, bool publishNotReady, bool ready, bool serving, bool terminating)
    {
        var pod = Backend("a", "10.128.0.5", p =>
        {
            p.Status.Conditions[0].Status = podReady ? "True" : "False";
            p.Metadata.DeletionTimestamp = deleting ? Make.Noon : null;
        });
        var service = Make.Service("s", with: s => s.Spec.PublishNotReadyAddresses = publishNotReady);
        var conditions = Assert.Single(Assert.Single(Plan(service, [pod]).Create).Endpoints).Conditions;
        Assert.Equal((ready, serving, terminating), (conditions.Ready, conditions.Serving, conditions.Terminating));
    }

    [Fact]
    public void A_named_port_is_resolved_in_each_Pod_by_name_and_protocol()
    {
        var service = Make.Service("s", with: s => s.Spec.Ports = [new V1ServicePort { Name = "n2", Port = 38412, Protocol = "SCTP", TargetPort = "ngap" }]);
        var plan = Plan(service,
        [
            Backend("a", "10.128.0.5", p => p.Spec.Containers[0].Ports = [new V1ContainerPort { Name = "ngap", ContainerPort = 38412, Protocol = "SCTP" }]),
            Backend("b", "10.128.0.6", p => p.Spec.Containers[0].Ports = [new V1ContainerPort { Name = "ngap", ContainerPort = 9000, Protocol = "SCTP" }]),
            Backend("c", "10.128.0.7", p => p.Spec.Containers[0].Ports = [new V1ContainerPort { Name = "ngap", ContainerPort = 38412, Protocol = "TCP" }]),
        ]);
        Assert.Equal(
            ["10.128.0.5:38412", "10.128.0.6:9000", "10.128.0.7:"],
            plan.Create.Select(s => $"{s.Endpoints[0].Addresses[0]}:{s.Ports.FirstOrDefault()?.Port}").Order());
    }

    [Fact]
    public void Slices_are_split_at_the_limit_and_reused()
    {
        var pods = Enumerable.Range(0, 250).Select(i => Backend($"p{i:d3}", $"10.128.1.{i}")).ToList();
        var service = Make.Service("s");
        var made = Plan(service, pods).Create;
        Assert.Equal([50, 100, 100], made.Select(s => s.Endpoints.Count).Order());
        for (var i = 0; i < made.Count; i++)
        {
            made[i].Metadata.Name = $"s-{i}";
        }

        Assert.Equal(SlicePlan.Nothing with { }, Empty(Plan(service, pods, made)));
        var fewer = Plan(service, pods[..100], made);
        Assert.Equal((0, 0, 2), (fewer.Create.Count, fewer.Update.Count, fewer.Delete.Count));
    }

    [Fact]
    public void Pods_without_address_or_that_are_over_or_elsewhere_are_none()
    {
        V1Pod[] pods =
        [
            Backend("a", "10.128.0.5", p => p.Status.Phase = "Succeeded"),
            Backend("b", "10.128.0.6", p => (p.Status.PodIP, p.Status.PodIPs) = (null, null)),
            Backend("c", "10.128.0.7", p => p.Metadata.NamespaceProperty = "other"),
            Backend("d", "10.128.0.8", p => p.Metadata.Labels["app"] = "web"),
        ];
        Assert.Null(Assert.Single(Plan(Make.Service("s"), pods).Create).Endpoints);
    }

    [Fact]
    public void Headless_without_ports_lists_Pods_with_their_host_names()
    {
        var service = Make.Service("db", with: s => (s.Spec.ClusterIP, s.Spec.Ports) = ("None", null));
        var slice = Assert.Single(Plan(service, [Backend("a", "10.128.0.5", p => (p.Spec.Hostname, p.Spec.Subdomain) = ("db-0", "db"))]).Create);
        Assert.Equal("", slice.Label("service.kubernetes.io/headless"));
        Assert.Equal("db-0", slice.Endpoints[0].Hostname);
        Assert.Empty(slice.Ports);
    }

    [Fact]
    public void Endpoints_say_the_same_without_what_terminates()
    {
        V1Pod[] pods =
        [
            Backend("a", "10.128.0.9"), Backend("b", "10.128.0.5"),
            Backend("c", "10.128.0.6", p => p.Status.Conditions[0].Status = "False"),
            Backend("d", "10.128.0.7", p => p.Metadata.DeletionTimestamp = Make.Noon),
        ];
        var service = Make.Service("s", with: s => s.Metadata.Labels = new Dictionary<string, string> { ["app"] = "sctpserver" });
        var endpoints = EndpointsBuilder.Build(service, EndpointCandidate.Of(service, pods));
        var subset = Assert.Single(endpoints.Subsets);
        Assert.Equal(["10.128.0.5", "10.128.0.9"], subset.Addresses.Select(a => a.Ip));
        Assert.Equal("10.128.0.6", Assert.Single(subset.NotReadyAddresses).Ip);
        Assert.Equal(("sctpserver", 30102, "SCTP"), (subset.Ports[0].Name, subset.Ports[0].Port, subset.Ports[0].Protocol));
        Assert.Equal(["app"], endpoints.Metadata.Labels.Keys);
    }

    [Fact]
    public void Each_family_has_slices_of_its_own_and_Endpoints_the_primary_one()
    {
        var service = Make.Service("s", with: s => s.Spec.IpFamilies = ["IPv6", "IPv4"]);
        V1Pod[] pods =
        [
            Backend("a", "10.128.0.5", p => p.Status.PodIPs.Add(new V1PodIP { Ip = "fd01::5" })),
            Backend("b", "10.128.0.6"),
        ];
        var made = Plan(service, pods).Create;
        Assert.Equal(
            ["IPv4: 10.128.0.5 10.128.0.6", "IPv6: fd01::5"],
            made.Select(s => $"{s.AddressType}: {string.Join(' ', s.Endpoints.SelectMany(e => e.Addresses))}").Order(StringComparer.Ordinal));
        Assert.Equal("fd01::5", Assert.Single(Assert.Single(EndpointsBuilder.Build(service, EndpointCandidate.Of(service, pods)).Subsets).Addresses).Ip);

        // The second family goes, and its slices with it; the other's stay as they are.
        for (var i = 0; i < made.Count; i++)
        {
            made[i].Metadata.Name = $"s-{i}";
        }

        service.Spec.IpFamilies = ["IPv6"];
        var plan = Plan(service, pods, made);
        Assert.Equal((0, 0, "IPv4"), (plan.Create.Count, plan.Update.Count, Assert.Single(plan.Delete).AddressType));
    }

    [Fact]
    public void Each_of_two_families_without_Pods_has_one_empty_slice() =>
        Assert.Equal(["IPv4", "IPv6"], Plan(Make.Service("s", with: s => s.Spec.IpFamilies = ["IPv4", "IPv6"]), []).Create.Select(s => s.AddressType));

    private static SlicePlan Empty(SlicePlan plan) => plan.Create.Count + plan.Update.Count + plan.Delete.Count == 0 ? SlicePlan.Nothing : plan;

    private static SlicePlan Plan(V1Service service, IReadOnlyList<V1Pod> pods, IReadOnlyList<V1EndpointSlice>? existing = null) =>
        EndpointSliceBuilder.Plan(service, EndpointCandidate.Of(service, pods), existing ?? [], _ => null, 100);

    private static V1Pod Backend(string name, string ip, Action<V1Pod>? with = null) => Make.Running(name, ip, with: p =>
    {
        p.Metadata.Labels = new Dictionary<string, string> { ["app"] = "sctp" };
        with?.Invoke(p);
    });
}
