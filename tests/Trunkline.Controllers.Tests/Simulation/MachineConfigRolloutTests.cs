using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.MachineConfigs.Models;
using Trunkline.Controllers.MachineConfigs.Pools;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Simulation;

/// <summary>The whole operator against an API in memory, with a daemon that answers as a node's would.</summary>
public class MachineConfigRolloutTests
{
    private const string Pools = "machineconfiguration.openshift.io/machineconfigpools";
    private const string Configs = "machineconfiguration.openshift.io/machineconfigs";

    [Fact]
    public async Task Two_workers_are_rolled_one_at_a_time_and_the_pool_begins_only_after_the_config_exists()
    {
        await using var lab = await StartAsync();
        var before = Pool(lab).Spec.Configuration!.Name;
        lab.Api.Put(Make.LoadSctp());
        var created = lab.Api.Store.Revision;

        // The moment the guide's "wait for Ready" falls for: config there, nodes all Ready and Done, pool still Updated.
        Assert.True(Is(lab, "Updated"));
        Assert.All(lab.Api.List<V1Node>("/nodes"), n => Assert.True(n.IsReady()));
        Assert.Equal(before, Pool(lab).Spec.Configuration!.Name);

        await lab.UntilAsync(() => Is(lab, "Updating"), "pool worker goes Updating");
        await lab.UntilAsync(() => Is(lab, "Updated") && Pool(lab).Status!.Configuration!.Name != before, "pool worker is Updated");
        await lab.UntilAsync(() => lab.Api.List<V1Node>("/nodes").All(n => n.TakesWork()), "all uncordoned");

        var pool = Pool(lab);
        Assert.Contains("load-sctp-module", pool.Status!.Configuration!.Source!.Select(s => s.Name));
        Assert.Equal(["worker-0", "worker-1"], lab.Agents.Rebooted);
        Assert.True(MostUnavailable(lab, created) == 1, "two workers were cordoned at once, or none ever was");
        Assert.All(lab.Api.List<V1Node>("/nodes").Where(n => n.Metadata.Name.StartsWith('w')), n => Assert.Equal(pool.Spec.Configuration!.Name, n.Current()));
        Assert.NotEqual(pool.Spec.Configuration!.Name, lab.Api.Get<V1Node>("/nodes", null, "control-plane-0")!.Current());
        await lab.UntilAsync(() => Reasons(lab).IsSupersetOf(["RenderedConfigGenerated", "Updating", "SetDesiredConfig", "Completed", "Cordon", "Uncordon"]), "events");
        var tainted = lab.Api.Store.Since("/nodes", created).Events.Where(e => e.Object["spec"]?["taints"]?.ToJsonString().Contains("UpdateInProgress", StringComparison.Ordinal) == true);
        Assert.Equal(["worker-0", "worker-1"], tainted.Select(e => (string)e.Object["metadata"]!["name"]!).Distinct().Order());
        Assert.DoesNotContain(lab.Api.List<V1Node>("/nodes"), n => n.Spec.Taints?.Any(t => t.Key == "UpdateInProgress") == true);
    }

    [Fact]
    public async Task A_paused_pool_waits_and_a_deleted_config_rolls_back()
    {
        await using var lab = await StartAsync();
        var before = Pool(lab).Spec.Configuration!.Name;
        lab.Api.Change(Pools, null, "worker", p => p["spec"]!["paused"] = true);
        lab.Api.Put(Make.LoadSctp());
        await lab.UntilAsync(() => Message(lab, "Updating").StartsWith("Pool is paused; will not update to rendered-worker-", StringComparison.Ordinal), "says it is paused");
        Assert.Empty(lab.Agents.Rebooted);

        lab.Api.Change(Pools, null, "worker", p => p["spec"]!["paused"] = false);
        await lab.UntilAsync(() => Is(lab, "Updated") && Pool(lab).Status!.Configuration!.Name != before, "updated after it went on");
        lab.Api.Remove(Configs, null, "load-sctp-module");
        await lab.UntilAsync(() => lab.Agents.Rebooted.Count == 4 && Is(lab, "Updated"), "rolled back");
        Assert.Equal(before, Pool(lab).Status!.Configuration!.Name);
    }

    [Fact]
    public async Task Bad_ignition_degrades_the_pool_and_moves_no_node()
    {
        await using var lab = await StartAsync();
        lab.Api.Put(Make.Config("99-bad", """{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/etc/a","mode":"0644"}]}}"""));
        await lab.UntilAsync(() => Is(lab, "RenderDegraded") && Is(lab, "Degraded"), "degraded");
        Assert.StartsWith("Failed to render configuration for pool worker: parsing Ignition config failed with error: ", Message(lab, "RenderDegraded"), StringComparison.Ordinal);
        lab.Api.Remove(Configs, null, "99-bad");
        await lab.UntilAsync(() => !Is(lab, "RenderDegraded") && !Is(lab, "Degraded"), "recovered");
        Assert.Empty(lab.Agents.Rebooted);
    }

    [Fact]
    public async Task A_drain_obeys_a_disruption_budget_until_there_is_room()
    {
        await using var lab = await StartAsync();
        var label = new Dictionary<string, string> { ["app"] = "amf" };
        lab.Api.Put(Make.Namespace("demo"));
        lab.Api.Put(Make.Running("amf", "10.128.2.9", "worker-0", with: p => p.Metadata.Labels = label));
        lab.Api.Put(new V1PodDisruptionBudget
        {
            ApiVersion = "policy/v1",
            Kind = "PodDisruptionBudget",
            Metadata = new V1ObjectMeta { Name = "amf", NamespaceProperty = "demo" },
            Spec = new V1PodDisruptionBudgetSpec { MinAvailable = 1, Selector = new V1LabelSelector { MatchLabels = label } },
        });
        await lab.UntilAsync(() => lab.Api.Get<V1PodDisruptionBudget>("policy/poddisruptionbudgets", "demo", "amf")?.Status?.CurrentHealthy == 1, "budget counted");
        lab.Api.Put(Make.LoadSctp());
        await lab.UntilAsync(() => Evictions(lab) >= 3, "evictions tried");
        Assert.NotNull(lab.Api.Get<V1Pod>("/pods", "demo", "amf"));
        Assert.Empty(lab.Agents.Rebooted);

        lab.Api.Put(Make.Running("amf-2", "10.128.2.10", "worker-1", with: p => p.Metadata.Labels = label));
        await lab.UntilAsync(() => lab.Agents.Rebooted.Contains("worker-0"), "worker-0 drained once another Pod was healthy");
        Assert.Null(lab.Api.Get<V1Pod>("/pods", "demo", "amf"));
    }

    private static async Task<Harness> StartAsync()
    {
        var lab = new Harness(before: api =>
        {
            api.Put(Make.Namespace("default"));
            api.Put(Make.Node("control-plane-0", n =>
            {
                n.Metadata.Labels["node-role.kubernetes.io/master"] = "";
                n.Spec.Taints = [new V1Taint { Key = "node-role.kubernetes.io/master", Effect = "NoSchedule" }];
            }));
            api.Put(Make.Worker("worker-0"));
            api.Put(Make.Worker("worker-1"));
        });
        await lab.UntilAsync(() => Is(lab, "Updated") && Is(lab, "Updated", "master"), "both pools Updated");
        await lab.UntilAsync(() => lab.Api.List<V1Node>("/nodes").All(n => n.IsDone()), "nodes Done");
        return lab;
    }

    private static MachineConfigPool Pool(Harness lab, string name = "worker") => lab.Api.Get<MachineConfigPool>(Pools, null, name)!;

    private static bool Is(Harness lab, string condition, string pool = "worker") =>
        PoolConditions.IsTrue(lab.Api.Get<MachineConfigPool>(Pools, null, pool)?.Status?.Conditions ?? [], condition);

    private static string Message(Harness lab, string condition) => Pool(lab).Status?.Conditions.FirstOrDefault(c => c.Type == condition)?.Message ?? "";

    private static HashSet<string> Reasons(Harness lab) => [.. lab.Api.List<Corev1Event>("/events").Select(e => e.Reason)];

    private static int Evictions(Harness lab)
    {
        lock (lab.Api.Requests)
        {
            return lab.Api.Requests.Count(r => r.Contains("/eviction", StringComparison.Ordinal));
        }
    }

    /// <summary>From the watch log, event by event: how many nodes were cordoned at once at most.</summary>
    private static int MostUnavailable(Harness lab, long since)
    {
        var cordoned = new HashSet<string>();
        var most = 0;
        foreach (var (_, _, node) in lab.Api.Store.Since("/nodes", since).Events)
        {
            var name = (string)node["metadata"]!["name"]!;
            _ = (bool?)node["spec"]?["unschedulable"] == true ? cordoned.Add(name) : cordoned.Remove(name);
            most = Math.Max(most, cordoned.Count);
        }

        return most;
    }
}
