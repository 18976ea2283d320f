using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Simulation;

/// <summary>Two families and load balancers, with the lab's own API server.</summary>
public class DualStackTests
{
    [Fact]
    public async Task Nodes_slices_and_balancers_of_two_families()
    {
        await using var lab = await RealCluster.StartAsync(
            options: o => o with { SecondaryClusterCidr = "fd01::/48", LoadBalancerPools = ["192.168.126.224/30", "fd00:126::e0/123"] }, secondServices: "fd02::/112");
        Assert.Equal(
            ["10.128.0.0/23 fd01::/64", "10.128.2.0/23 fd01:0:0:1::/64", "10.128.4.0/23 fd01:0:0:2::/64"],
            (await lab.ListAsync<V1Node>(ResourceTypes.Nodes)).Select(n => string.Join(' ', n.Spec.PodCIDRs)).Order());
        await lab.NamespaceAsync("demo");
        await lab.PodAsync("a", "sctp");
        await Make4(lab, "both", s => s.Spec.IpFamilyPolicy = "RequireDualStack");
        await lab.UntilAsync("a slice of each family", async () => (await lab.ListAsync<V1EndpointSlice>(ResourceTypes.EndpointSlices, "demo"))
            .Select(s => s.AddressType).Order().ToList() is ["IPv4", "IPv6"]);
        await lab.UntilAsync("an address of each family", async () => await Ingress(lab, "both") == "192.168.126.224 VIP, fd00:126::e0 VIP");

        await Make4(lab, "foreign", s => s.Spec.LoadBalancerClass = "example.com/other");

        // One after the other: those of one second go by their names.
        await Make4(lab, "second");
        await lab.UntilAsync("the second's address", async () => await Ingress(lab, "second") == "192.168.126.225 VIP");
        await Make4(lab, "third");
        await lab.UntilAsync("the third's address", async () => await Ingress(lab, "third") == "192.168.126.226 VIP");
        await Make4(lab, "late");
        await lab.UntilAsync("the pool is empty", async () => (await Events(lab, "late")).Any(e =>
            e.Reason == "SyncLoadBalancerFailed" && e.Message.EndsWith("no address is left in 192.168.126.224/30", StringComparison.Ordinal)));
        Assert.Equal(("", ""), (await Ingress(lab, "late"), await Ingress(lab, "foreign")));

        // A Service of another type gives its address back, and who waits gets it.
        await lab.PatchAsync<V1Service>(ResourceTypes.Services, "demo", "second", """{"spec":{"type":"NodePort"}}""");
        await lab.UntilAsync("the next in line", async () => await Ingress(lab, "late") == "192.168.126.225 VIP" && await Ingress(lab, "second") == "");
        await lab.Admin.CoreV1.DeleteNamespacedServiceAsync("third", "demo", cancellationToken: RealCluster.Token);
        await Make4(lab, "last");
        await lab.UntilAsync("what a deleted Service had", async () => await Ingress(lab, "last") == "192.168.126.226 VIP");
    }

    private static Task<V1Service> Make4(RealCluster lab, string name, Action<V1Service>? with = null) => lab.Objects.CreateAsync(ResourceTypes.Services, Make.Service(name, with: s =>
    {
        (s.Metadata.Uid, s.Metadata.CreationTimestamp, s.Spec.ClusterIP, s.Spec.Type) = (null, null, null, "LoadBalancer");
        s.Spec.Selector = name == "both" ? s.Spec.Selector : null;
        with?.Invoke(s);
    }), RealCluster.Token);

    private static async Task<string> Ingress(RealCluster lab, string name) => string.Join(
        ", ", ((await lab.FindAsync<V1Service>(ResourceTypes.Services, "demo", name))?.Status?.LoadBalancer?.Ingress ?? []).Select(i => $"{i.Ip} {i.IpMode}"));

    private static async Task<IEnumerable<Corev1Event>> Events(RealCluster lab, string name) =>
        (await lab.ListAsync<Corev1Event>(ResourceTypes.Events, "demo")).Where(e => e.InvolvedObject.Name == name);
}
