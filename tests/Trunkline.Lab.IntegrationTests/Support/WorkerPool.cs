using System.Text.Json.Nodes;

namespace Trunkline.Lab.IntegrationTests.Support;

/// <summary>The pool `worker` of a lab as an administrator watches it.</summary>
internal sealed class WorkerPool(RunningLab lab)
{
    public static readonly string[] Workers = ["worker-0", "worker-1"];
    private const string Prefix = "machineconfiguration.openshift.io/";
    private static readonly TimeSpan s_rollOut = TimeSpan.FromSeconds(90);

    /// <summary>A MachineConfig for workers; <paramref name="spec"/> is what stands under spec besides config, or ignition.</summary>
    public static string Manifest(string name, string config, string version = "3.2.0", string spec = "{}") => $$$"""
        {"apiVersion": "machineconfiguration.openshift.io/v1", "kind": "MachineConfig",
         "metadata": {"name": "{{{name}}}", "labels": {"machineconfiguration.openshift.io/role": "worker"}},
         "spec": {{{Merge(spec, config, version)}}} }
        """;

    public async Task<JsonNode> ReadAsync() => JsonNode.Parse((await lab.Kubectl("get mcp worker -o json")).Succeeded)!;

    public async Task<JsonNode> ConditionAsync(string type) => Condition(await ReadAsync(), type);

    public static JsonNode Condition(JsonNode pool, string type) =>
        pool["status"]!["conditions"]!.AsArray().First(condition => (string)condition!["type"]! == type)!;

    public async Task SetAsync(string spec) => (await lab.Kubectl(["patch", "mcp", "worker", "--type=merge", "-p", $$"""{"spec":{{spec}}}"""])).Succeeded.ToString();

    /// <summary>Waits until the pool runs a configuration made of these and of no other MachineConfigs.</summary>
    public Task RunsAsync(params string[] configs) => Wait.UntilAsync($"the pool to run [{string.Join(", ", configs)}]", s_rollOut, async () =>
    {
        var pool = await ReadAsync();
        var wanted = pool["spec"]!["configuration"]!;
        var sources = wanted["source"]?.AsArray().Select(source => (string)source!["name"]!).ToArray() ?? [];
        return sources.Where(IsOfTest).Order(StringComparer.Ordinal).SequenceEqual(configs.Order(StringComparer.Ordinal))
            && (string)Condition(pool, "Updated")["status"]! == "True"
            && (string?)pool["status"]!["configuration"]?["name"] == (string?)wanted["name"];
    });

    public async Task<string> AnnotationAsync(string node, string name) =>
        (string?)JsonNode.Parse((await lab.Kubectl($"get node {node} -o json")).Succeeded)!["metadata"]!["annotations"]![Prefix + name] ?? "";

    public async Task<string[]> BootIdsAsync() =>
        (await lab.GetAsync("nodes -l node-role.kubernetes.io/worker", ".items[*].status.nodeInfo.bootID")).Split(' ');

    public async Task<string[]> CordonedAsync() => (await lab.Kubectl(["get", "nodes", "--field-selector=spec.unschedulable=true", "-o", "jsonpath={.items[*].metadata.name}"]))
        .Succeeded.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What the node's SCTP module is: off, autoload or loaded.</summary>
    public async Task<string> ModuleAsync(string node) => (await lab.Handle.ReadFileAsync(node, "/run/trunkline/sctp/module")).Trim();

    // Others are the operator's own.
    private static bool IsOfTest(string name) => !name.StartsWith("00-", StringComparison.Ordinal) && !name.StartsWith("01-", StringComparison.Ordinal);

    private static string Merge(string spec, string config, string version)
    {
        var merged = JsonNode.Parse(spec)!.AsObject();
        var ignition = JsonNode.Parse(config)!.AsObject();
        ignition["ignition"] = new JsonObject { ["version"] = version };
        merged["config"] = ignition;
        return merged.ToJsonString();
    }
}
