using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Simulation;

/// <summary>The same controllers against the lab's own API server, with the identity they have in a lab.</summary>
public class RealApiServerTests
{
    [Fact]
    public async Task A_life_of_a_cluster()
    {
        await using var lab = await RealCluster.StartAsync();
        var nodes = await lab.ListAsync<V1Node>(ResourceTypes.Nodes);
        Assert.Equal(["10.128.0.0/23", "10.128.2.0/23", "10.128.4.0/23"], nodes.Select(n => n.Spec.PodCIDR).Order());
        await Serve(lab);
        await Roll(lab);
        await lab.Admin.CoreV1.DeleteNamespaceAsync("demo", cancellationToken: RealCluster.Token);
        await lab.UntilAsync("namespace gone", async () => await lab.FindAsync<V1Namespace>(ResourceTypes.Namespaces, "", "demo") is null);
        Assert.Empty(await lab.ListAsync<V1Pod>(ResourceTypes.Pods, "demo"));
    }

    [Fact]
    public async Task A_drain_asks_the_budget_goes_on_asking_and_a_deleted_config_is_taken_back()
    {
        await using var lab = await RealCluster.StartAsync();
        var before = (await lab.PoolAsync("worker")).Status!.Configuration!.Name;
        await lab.NamespaceAsync("demo");
        await lab.Objects.CreateAsync(ResourceTypes.Deployments, RealCluster.Deployment("amf", 2), RealCluster.Token);
        await lab.UntilAsync("available", async () => await Available(lab) == 2);
        await lab.Objects.CreateAsync(ResourceTypes.DisruptionBudgets, new V1PodDisruptionBudget
        {
            Metadata = new V1ObjectMeta { Name = "amf", NamespaceProperty = "demo" },
            Spec = new V1PodDisruptionBudgetSpec { MinAvailable = 2, Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "sctp" } } },
        }, RealCluster.Token);
        await lab.UntilAsync("budget counted", async () => (await Budget(lab)).Status?.CurrentHealthy == 2);
        var pods = (await lab.ListAsync<V1Pod>(ResourceTypes.Pods, "demo")).Select(p => p.Metadata.Uid).Order().ToList();

        await lab.Objects.CreateAsync(ResourceTypes.MachineConfigs, Make.LoadSctp(), RealCluster.Token);
        await lab.UntilAsync("cordoned", async () => (await lab.ListAsync<V1Node>(ResourceTypes.Nodes)).Any(n => n.IsUnschedulable()));
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, RealCluster.Token);
        Assert.Empty(lab.Agents.Rebooted);
        Assert.Equal(pods, (await lab.ListAsync<V1Pod>(ResourceTypes.Pods, "demo")).Select(p => p.Metadata.Uid).Order());
        Assert.Single(await lab.ListAsync<V1Node>(ResourceTypes.Nodes), n => n.IsUnschedulable());

        await lab.PatchAsync<V1PodDisruptionBudget>(ResourceTypes.DisruptionBudgets, "demo", "amf", """{"spec":{"minAvailable":1}}""");
        var least = 2;
        await lab.UntilAsync("both rolled", async () =>
        {
            least = Math.Min(least, (await lab.ListAsync<V1Pod>(ResourceTypes.Pods, "demo")).Count(p => !p.IsDeleting() && p.IsReady()));
            return lab.Agents.Rebooted.Count == 2 && await lab.IsAsync("worker", "Updated");
        });
        Assert.True(least >= 1, "the budget wants one Pod to stay ready");
        Assert.Equal(1, lab.Agents.MostCordoned);

        await lab.Objects.DeleteAsync(ResourceTypes.MachineConfigs, new ObjectKey("", "load-sctp-module"), null, RealCluster.Token);
        await lab.UntilAsync("both rolled back", async () => lab.Agents.Rebooted.Count == 4 && await lab.IsAsync("worker", "Updated"));
        Assert.Equal(before, (await lab.PoolAsync("worker")).Status!.Configuration!.Name);
        Assert.All(["worker-0", "worker-1"], w => Assert.Equal(2, lab.Agents.Rebooted.Count(r => r == w)));
        Assert.All(await lab.ListAsync<V1Node>(ResourceTypes.Nodes), n => Assert.False(n.IsUnschedulable()));
    }

    [Fact]
    public async Task Endpoints_follow_readiness_termination_and_selectors()
    {
        await using var lab = await RealCluster.StartAsync();
        await lab.NamespaceAsync("demo");
        await lab.PodAsync("a", "sctp");
        await lab.PodAsync("b", "sctp");
        await lab.PodAsync("c", "other");
        var service = await lab.Objects.CreateAsync(ResourceTypes.Services, Service("s", new Dictionary<string, string> { ["app"] = "sctp" }), RealCluster.Token);
        Assert.InRange(service.Spec.Ports[0].NodePort ?? 0, 30000, 32767);
        Assert.StartsWith("172.30.", service.Spec.ClusterIP, StringComparison.Ordinal);
        await lab.UntilAsync("two ready", async () => await Ready(lab) is ["a", "b"]);

        lab.Agents.EndsPods = false;
        await lab.Admin.CoreV1.DeleteNamespacedPodAsync("a", "demo", cancellationToken: RealCluster.Token);
        await lab.UntilAsync("one terminating, still serving", async () =>
            (await Endpoints(lab)).FirstOrDefault(e => e.TargetRef.Name == "a")?.Conditions is { Ready: false, Serving: true, Terminating: true } && await Ready(lab) is ["b"]);
        lab.Agents.EndsPods = true;
        await lab.UntilAsync("gone", async () => (await Endpoints(lab)).All(e => e.TargetRef.Name != "a"));

        await lab.PatchAsync<V1Service>(ResourceTypes.Services, "demo", "s", """{"spec":{"selector":{"app":"other"}}}""");
        await lab.UntilAsync("the other one", async () => await Ready(lab) is ["c"]);

        // Without a selector the endpoints are somebody else's: a slice made by hand stays as it is.
        await lab.Objects.CreateAsync(ResourceTypes.Services, Service("bare", null), RealCluster.Token);
        await lab.Objects.CreateAsync(ResourceTypes.EndpointSlices, new V1EndpointSlice
        {
            AddressType = "IPv4",
            Metadata = new V1ObjectMeta { Name = "bare-1", NamespaceProperty = "demo", Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = "bare" } },
            Endpoints = [new V1Endpoint { Addresses = ["192.0.2.7"] }],
            Ports = [new Discoveryv1EndpointPort { Name = "sctpserver", Port = 30102, Protocol = "SCTP" }],
        }, RealCluster.Token);
        await lab.Objects.DeleteAsync(ResourceTypes.Services, new ObjectKey("demo", "s"), null, RealCluster.Token);
        await lab.UntilAsync("slices of the deleted Service gone", async () =>
            (await lab.ListAsync<V1EndpointSlice>(ResourceTypes.EndpointSlices, "demo")).Select(s => s.Metadata.Name).ToList() is ["bare-1"]);
    }

    [Fact]
    public async Task A_silent_node_is_tainted_its_Pods_serve_no_more_and_all_comes_back()
    {
        await using var lab = await RealCluster.StartAsync(options: o => o with { NodeMonitorGracePeriod = TimeSpan.FromSeconds(2) });
        await lab.NamespaceAsync("demo");
        await lab.Objects.CreateAsync(ResourceTypes.Services, Service("s", new Dictionary<string, string> { ["app"] = "sctp" }), RealCluster.Token);
        foreach (var i in Enumerable.Range(0, 2))
        {
            await lab.PodAsync($"p{i}", "sctp", p => p.Spec.NodeSelector = new Dictionary<string, string> { ["kubernetes.io/hostname"] = $"worker-{i}" });
        }

        await lab.UntilAsync("both ready", async () => await Ready(lab) is ["p0", "p1"]);
        lab.Agents.Silent = "worker-1";
        await lab.UntilAsync("worker-1 Unknown and tainted", async () =>
        {
            var node = await lab.NodeAsync("worker-1");
            return node.Condition("Ready")?.Status == "Unknown" && (node.Spec.Taints ?? []).Where(t => t.Key == "node.kubernetes.io/unreachable").Select(t => t.Effect).Order().ToList() is ["NoExecute", "NoSchedule"];
        });
        await lab.UntilAsync("only one ready", async () => await Ready(lab) is ["p0"]);
        Assert.Equal("True", (await lab.NodeAsync("worker-0")).Condition("Ready")?.Status);
        await lab.PodAsync("late", "other");
        await lab.UntilAsync("late runs elsewhere", async () => (await lab.FindAsync<V1Pod>(ResourceTypes.Pods, "demo", "late"))?.Spec.NodeName == "worker-0");

        lab.Agents.Silent = "";
        await lab.UntilAsync("worker-1 back", async () => (await lab.NodeAsync("worker-1")) is var node && node.Condition("Ready")?.Status == "True" && (node.Spec.Taints ?? []).Count == 0);
        await lab.UntilAsync("both ready again", async () => await Ready(lab) is ["p0", "p1"]);
    }

    [Fact]
    public async Task What_is_owned_goes_with_its_owner_or_is_orphaned_and_a_foreground_owner_goes_last()
    {
        await using var lab = await RealCluster.StartAsync();
        await lab.NamespaceAsync("demo");
        foreach (var (name, policy) in new[] { ("background", "Background"), ("orphan", "Orphan"), ("foreground", "Foreground") })
        {
            var owner = await Map(lab, name, null);
            await Map(lab, name + "-child", owner, policy == "Foreground" ? "test.trunkline/hold" : null);
            await lab.Objects.DeleteAsync(ResourceTypes.ConfigMaps, new ObjectKey("demo", name), null, RealCluster.Token, policy);
        }

        await lab.UntilAsync("owner and child gone", async () => await Find(lab, "background") is null && await Find(lab, "background-child") is null);
        await lab.UntilAsync("owner gone, child free", async () => await Find(lab, "orphan") is null && (await Find(lab, "orphan-child"))?.Metadata.OwnerReferences is null or []);
        await lab.UntilAsync("child going", async () => (await Find(lab, "foreground-child"))?.Metadata.DeletionTimestamp is not null);
        Assert.NotNull(await Find(lab, "foreground"));
        await lab.PatchAsync<V1ConfigMap>(ResourceTypes.ConfigMaps, "demo", "foreground-child", """{"metadata":{"finalizers":null}}""");
        await lab.UntilAsync("both gone", async () => await Find(lab, "foreground-child") is null && await Find(lab, "foreground") is null);
    }

    [Fact]
    public async Task A_Pod_waits_for_a_node_that_fits()
    {
        await using var lab = await RealCluster.StartAsync();
        await lab.NamespaceAsync("demo");
        await lab.PodAsync("picky", "x", p => p.Spec.NodeSelector = new Dictionary<string, string> { ["disk"] = "fast" });
        await lab.PodAsync("large", "x", p => p.Spec.Containers[0].Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("3") } });
        await lab.UntilAsync("both explained", async () => await Why(lab, "picky") is { Length: > 0 } && await Why(lab, "large") is { Length: > 0 });
        Assert.StartsWith("0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }, 2 node(s) didn't match Pod's node affinity/selector.", await Why(lab, "picky"), StringComparison.Ordinal);
        Assert.Contains("2 Insufficient cpu", await Why(lab, "large"), StringComparison.Ordinal);
        await lab.PatchAsync<V1Node>(ResourceTypes.Nodes, "", "worker-1", """{"metadata":{"labels":{"disk":"fast"}}}""");
        await lab.UntilAsync("placed", async () => (await lab.FindAsync<V1Pod>(ResourceTypes.Pods, "demo", "picky"))?.Spec.NodeName == "worker-1");

        await lab.PatchAsync<V1Node>(ResourceTypes.Nodes, "", "worker-0", """{"spec":{"unschedulable":true}}""");
        await lab.UntilAsync("told", async () => (await lab.NodeAsync("worker-0")).Spec.Taints?.Any(t => t.Key == "node.kubernetes.io/unschedulable") == true);
        foreach (var i in Enumerable.Range(0, 3))
        {
            await lab.PodAsync($"p{i}", "x");
        }

        await lab.UntilAsync("all on the open one", async () =>
            (await lab.ListAsync<V1Pod>(ResourceTypes.Pods, "demo")).Where(p => p.Metadata.Name.StartsWith('p')).All(p => p.Spec.NodeName == "worker-1"));
        await lab.PodAsync("apart", "x", p => p.Spec.Affinity = new V1Affinity
        {
            PodAntiAffinity = new V1PodAntiAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution =
                [
                    new V1PodAffinityTerm { TopologyKey = "kubernetes.io/hostname", LabelSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "x" } } },
                ],
            },
        });
        await lab.UntilAsync("apart explained", async () => (await Why(lab, "apart"))?.Contains("didn't match pod anti-affinity rules", StringComparison.Ordinal) == true);
        await lab.PatchAsync<V1Node>(ResourceTypes.Nodes, "", "worker-0", """{"spec":{"unschedulable":null}}""");
        await lab.UntilAsync("apart", async () => (await lab.FindAsync<V1Pod>(ResourceTypes.Pods, "demo", "apart"))?.Spec.NodeName == "worker-0");
    }

    private static async Task Serve(RealCluster lab)
    {
        await lab.NamespaceAsync("demo");
        await lab.Objects.CreateAsync(ResourceTypes.Services, Service("sctpservice", new Dictionary<string, string> { ["app"] = "sctp" }), RealCluster.Token);
        await lab.Objects.CreateAsync(ResourceTypes.Deployments, RealCluster.Deployment("amf", 2), RealCluster.Token);
        await lab.UntilAsync("two endpoints on two nodes", async () =>
            await lab.ListAsync<V1EndpointSlice>(ResourceTypes.EndpointSlices, "demo") is [var slice]
            && slice.Endpoints?.Where(e => e.Conditions.Ready == true).Select(e => e.NodeName).Distinct().Count() == 2);
        await lab.UntilAsync("Deployment available", async () => await Available(lab) == 2);
    }

    private static async Task Roll(RealCluster lab)
    {
        await lab.Objects.CreateAsync(ResourceTypes.MachineConfigs, Make.LoadSctp(), RealCluster.Token);
        Assert.True(await lab.IsAsync("worker", "Updated"), "the pool must still be Updated when the MachineConfig exists already");
        await lab.UntilAsync("Updating", () => lab.IsAsync("worker", "Updating"));
        await lab.UntilAsync("Updated", async () => lab.Agents.Rebooted.Count == 2 && await lab.IsAsync("worker", "Updated"));
        Assert.Equal(1, lab.Agents.MostCordoned);
        Assert.Equal(["worker-0", "worker-1"], lab.Agents.Rebooted);
        Assert.Contains("load-sctp-module", (await lab.PoolAsync("worker")).Status!.Configuration!.Source!.Select(s => s.Name));
    }

    private static async Task<int?> Available(RealCluster lab) =>
        (await lab.FindAsync<V1Deployment>(ResourceTypes.Deployments, "demo", "amf"))?.Status?.AvailableReplicas;

    private static Task<V1PodDisruptionBudget> Budget(RealCluster lab) =>
        lab.Objects.GetAsync<V1PodDisruptionBudget>(ResourceTypes.DisruptionBudgets, new ObjectKey("demo", "amf"), RealCluster.Token);

    private static V1Service Service(string name, Dictionary<string, string>? selector) => Make.Service(name, with: s =>
    {
        (s.Metadata.Uid, s.Metadata.CreationTimestamp, s.Spec.ClusterIP, s.Spec.Type, s.Spec.Selector) = (null, null, null, "NodePort", selector);
    });

    private static async Task<List<V1Endpoint>> Endpoints(RealCluster lab) =>
        [.. (await lab.ListAsync<V1EndpointSlice>(ResourceTypes.EndpointSlices, "demo")).SelectMany(s => s.Endpoints ?? [])];

    private static async Task<List<string>> Ready(RealCluster lab) =>
        [.. (await Endpoints(lab)).Where(e => e.Conditions.Ready == true).Select(e => e.TargetRef.Name).Order(StringComparer.Ordinal)];

    private static async Task<string?> Why(RealCluster lab, string pod) =>
        (await lab.FindAsync<V1Pod>(ResourceTypes.Pods, "demo", pod))?.Condition("PodScheduled") is { Status: "False", Reason: "Unschedulable" } condition ? condition.Message : null;

    private static Task<V1ConfigMap?> Find(RealCluster lab, string name) => lab.FindAsync<V1ConfigMap>(ResourceTypes.ConfigMaps, "demo", name);

    private static Task<V1ConfigMap> Map(RealCluster lab, string name, V1ConfigMap? owner, string? finalizer = null) => lab.Objects.CreateAsync(ResourceTypes.ConfigMaps, new V1ConfigMap
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = "demo",
            Finalizers = finalizer is null ? null : [finalizer],
            OwnerReferences = owner is null
                ? null
                : [new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = owner.Metadata.Name, Uid = owner.Metadata.Uid, BlockOwnerDeletion = true }],
        },
    }, RealCluster.Token);
}
