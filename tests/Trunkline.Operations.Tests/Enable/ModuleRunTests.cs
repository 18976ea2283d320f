using Microsoft.Extensions.Time.Testing;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Enable;
using Trunkline.Operations.Tests.Support;
using Xunit;

namespace Trunkline.Operations.Tests.Enable;

/// <summary>What is asked of an API server, and what becomes of its refusals.</summary>
public sealed class ModuleRunTests
{
    private const string Pods = "/api/v1/namespaces/trunkline-sctp/pods";
    private readonly FakeTimeProvider _time = new();
    private readonly HeardModule _heard = new();

    [Fact]
    public async Task Each_node_is_proven_by_a_Pod_that_is_gone_afterwards()
    {
        using var server = new ScriptedApi(Answer);
        var result = await RunAsync(server, await PlanAsync("Enable", "guide-carries-both"));
        Assert.True(result.Succeeded, result.Failure);
        Assert.Equal(["w-0", "w-1", "w-2"], result.Proofs.Select(proof => proof.Node));
        Assert.All(result.Proofs, proof => Assert.Equal(ModuleState.Loaded, proof.State));
        Assert.Equal(3, server.Asked.Count(asked => asked.StartsWith($"POST {Pods}?", StringComparison.Ordinal)));
        Assert.Equal(3, server.Asked.Count(asked => asked.StartsWith($"DELETE {Pods}/sctp-proof-", StringComparison.Ordinal)));
        Assert.Equal("DELETE /api/v1/namespaces/trunkline-sctp", server.Asked[^1]);
        Assert.DoesNotContain(server.Asked, asked => asked.StartsWith("POST", StringComparison.Ordinal) && asked.Contains("machineconfig", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Pod_that_cannot_look_proves_nothing_and_says_why()
    {
        using var server = new ScriptedApi(asked => asked.StartsWith($"GET {Pods}/", StringComparison.Ordinal)
            ? (200, """{"status":{"phase":"Pending","containerStatuses":[{"state":{"waiting":{"reason":"ImagePullBackOff","message":"no route to registry"}}}]}}""")
            : Answer(asked));
        var result = await RunAsync(server, await PlanAsync("Enable", "guide-carries-both"));
        Assert.False(result.Succeeded);
        Assert.Contains("ImagePullBackOff: no route to registry", result.Failure, StringComparison.Ordinal);
        Assert.All(result.Proofs, proof => Assert.Equal(ModuleState.Unknown, proof.State));
        Assert.Equal(3, server.Asked.Count(asked => asked.StartsWith($"DELETE {Pods}/sctp-proof-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("POST /apis/machineconfiguration.openshift.io/v1/machineconfigs", "create machineconfigs.machineconfiguration.openshift.io;")]
    [InlineData($"POST {Pods}?", "create pods in namespace trunkline-sctp;")]
    [InlineData($"GET {Pods}/", "get pods in namespace trunkline-sctp;")]
    public async Task A_missing_right_is_named_with_the_command_that_prints_its_role(string refused, string words)
    {
        using var server = new ScriptedApi(asked => asked.StartsWith(refused, StringComparison.Ordinal) ? (403, """{"kind":"Status","code":403,"message":"forbidden: User \"dev\""}""") : Answer(asked));
        var plan = await PlanAsync("Enable", refused.Contains("machineconfigs", StringComparison.Ordinal) ? "ready-cluster" : "guide-carries-both");
        var error = await Assert.ThrowsAsync<ClusterException>(() => RunAsync(server, plan));
        Assert.Contains($"you may not {words} `trunkline rbac enable` prints the Role", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_DaemonSet_whose_Pods_do_not_become_ready_is_told_in_their_words()
    {
        using var server = new ScriptedApi(asked => asked switch
        {
            _ when asked.Contains("daemonsets/sctp-module", StringComparison.Ordinal) => (200, """{"metadata":{"generation":1},"status":{"observedGeneration":1,"desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberReady":1}}"""),
            _ when asked.StartsWith($"GET {Pods}?", StringComparison.Ordinal) => (200, """{"items":[{"metadata":{"name":"sctp-module-x"},"spec":{"nodeName":"w-1"},"status":{}}]}"""),
            _ when asked.StartsWith($"GET {Pods}/sctp-module-x/log", StringComparison.Ordinal) => (200, "modprobe: FATAL: Module sctp not found\nthis kernel lacks sctp: apt-get install linux-modules-extra-6.8.0"),
            _ => Answer(asked),
        });
        var result = await RunAsync(server, await PlanAsync("Platforms", "kubeadm-calico"));
        Assert.Contains("ready on 1 of 2 nodes", result.Failure, StringComparison.Ordinal);
        Assert.Contains("w-1: modprobe: FATAL: Module sctp not found; this kernel lacks sctp: apt-get install linux-modules-extra-6.8.0", result.Failure, StringComparison.Ordinal);
    }

    private static (int Status, string Body) Answer(string asked) => asked switch
    {
        _ when asked.StartsWith("POST", StringComparison.Ordinal) => (201, "{}"),
        _ when asked.StartsWith("DELETE", StringComparison.Ordinal) => (200, "{}"),
        _ when asked.StartsWith("GET /apis/image.openshift.io", StringComparison.Ordinal) => (200, """{"image":{"dockerImageReference":"quay.io/tools@sha256:1"}}"""),
        _ when asked.EndsWith("/log", StringComparison.Ordinal) => (200, "protocol  size sockets\nSCTP  1352 0\n"),
        _ when asked.StartsWith($"GET {Pods}/", StringComparison.Ordinal) => (200, """{"status":{"phase":"Succeeded","containerStatuses":[{"state":{}}]}}"""),
        _ when asked.Contains("machineconfigpools", StringComparison.Ordinal) => (200, Items("MachineConfigPool")),
        _ when asked.Contains("/nodes", StringComparison.Ordinal) => (200, Items("Node")),
        _ => (404, "404 page not found"),
    };

    private static string Items(string kind)
    {
        var list = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Join(AppContext.BaseDirectory, "Enable", "Cases", "guide-carries-both", "cluster.json")))!["items"]!.AsArray();
        return $"{{\"metadata\":{{}},\"items\":[{string.Join(',', list.Where(item => (string)item!["kind"]! == kind).Select(item => item!.ToJsonString()))}]}}";
    }

    private static async Task<ModulePlan> PlanAsync(string concept, string name) =>
        ModulePlan.Of(await CaseFolders.ObjectsAsync(concept, name, TestContext.Current.CancellationToken), new EnableOptions([]));

    private async Task<ModuleResult> RunAsync(ScriptedApi server, ModulePlan plan)
    {
        using var api = server.Open();
        return await _time.RunAsync(new ModuleRun(api, _time, _heard).RunAsync(plan, TimeSpan.FromMinutes(30), TestContext.Current.CancellationToken));
    }
}
