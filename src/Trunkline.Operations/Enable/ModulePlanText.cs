using System.Text.Json.Nodes;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Enable;

/// <summary>A plan in words, and as a document.</summary>
public static class ModulePlanText
{
    /// <summary>The plan as people read it, one line each.</summary>
    public static IEnumerable<string> Lines(ModulePlan plan)
    {
        yield return $"{plan.Platform.Name}: {string.Join("; ", plan.Platform.Evidence)}";
        if (plan.NothingToDo && plan.Obstacles.All(finding => finding.Severity != Severity.Error))
        {
            yield return plan switch
            {
                { Pools: var pools } when pools.Any(pool => !pool.Done) => $"nothing to change: pool {string.Join(", ", pools.Where(pool => !pool.Done).Select(pool => pool.Name))} is being rolled out already",
                { Pools.Count: > 0, Off: false } => $"nothing to do: both files are in MachineConfig {string.Join(", ", plan.Pools.SelectMany(pool => pool.MachineConfigs).Distinct(StringComparer.Ordinal))}, and the nodes have them",
                { Off: true } => "nothing to do: no MachineConfig loads SCTP",
                _ => "nothing to change",
            };
        }

        foreach (var made in plan.Method == ModuleMethod.NodePool ? [] : plan.Creates)
        {
            yield return $"{(plan.Off ? "uses" : "creates")} {made["kind"]} {made["metadata"]!["name"]}";
        }

        foreach (var deleted in plan.Deletes)
        {
            yield return $"deletes MachineConfig {deleted}";
        }

        foreach (var pool in plan.Pools)
        {
            yield return pool.Done ? $"pool {pool.Name}: {(plan.Off ? "is without it" : "has it")} ({Count(pool.Nodes.Count)})"
                : $"pool {pool.Name}: {(pool.Drains ? "drains and reboots" : "reboots, without a drain,")} {Count(pool.Nodes.Count)}, {pool.AtOnce} at a time: {string.Join(", ", pool.Nodes)}";
        }

        if (plan.Method == ModuleMethod.DaemonSet)
        {
            yield return $"no node is drained or rebooted; image {plan.Image}";
        }

        foreach (var loss in plan.Losses)
        {
            yield return $"lost on {loss.Node}: {loss.Pod}: {loss.What}";
        }

        foreach (var finding in plan.Obstacles)
        {
            yield return $"{Word(finding.Severity)} {finding.Rule}: {finding.Message}";
            foreach (var fact in finding.Evidence)
            {
                yield return $"    {fact}";
            }

            if (finding.Fix is { } fix)
            {
                yield return $"    fix: {fix}";
            }
        }

        foreach (var instruction in plan.Instructions)
        {
            yield return $"{instruction.Title} ({string.Join(", ", instruction.Nodes)}):";
            foreach (var line in instruction.Steps.SelectMany(step => step.Split('\n')))
            {
                yield return $"    {line}";
            }
        }
    }

    /// <summary>The plan as a document.</summary>
    public static JsonObject ToJson(ModulePlan plan) => new()
    {
        ["platform"] = new JsonObject
        {
            ["kind"] = plan.Platform.Kind.ToString(),
            ["name"] = plan.Platform.Name,
            ["topology"] = plan.Platform.Topology.ToString(),
            ["evidence"] = Texts(plan.Platform.Evidence),
        },
        ["method"] = plan.Method.ToString(),
        ["nothingToDo"] = plan.NothingToDo,
        ["creates"] = new JsonArray([.. plan.Creates.Select(item => item.DeepClone())]),
        ["deletes"] = Texts(plan.Deletes),
        ["carriers"] = Texts(plan.Carriers),
        ["pools"] = new JsonArray([.. plan.Pools.Select(pool => (JsonNode)new JsonObject
        {
            ["name"] = pool.Name,
            ["machineConfigs"] = Texts(pool.MachineConfigs),
            ["done"] = pool.Done,
            ["drains"] = pool.Drains,
            ["atOnce"] = pool.AtOnce,
            ["nodes"] = Texts(pool.Nodes),
        })]),
        ["nodes"] = Texts(plan.Nodes),
        ["losses"] = new JsonArray([.. plan.Losses.Select(loss => (JsonNode)new JsonObject { ["node"] = loss.Node, ["pod"] = loss.Pod, ["what"] = loss.What })]),
        ["obstacles"] = new JsonArray([.. plan.Obstacles.Select(finding => (JsonNode)new JsonObject
        {
            ["rule"] = finding.Rule,
            ["severity"] = Word(finding.Severity),
            ["message"] = finding.Message,
            ["subject"] = finding.Subject,
            ["evidence"] = Texts(finding.Evidence),
            ["fix"] = finding.Fix,
        })]),
        ["instructions"] = new JsonArray([.. plan.Instructions.Select(item => (JsonNode)new JsonObject { ["title"] = item.Title, ["nodes"] = Texts(item.Nodes), ["steps"] = Texts(item.Steps) })]),
        ["image"] = plan.Image,
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static string Word(Severity severity) => severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "info" };

    private static string Count(int nodes) => nodes == 1 ? "1 node" : $"{nodes} nodes";
}
