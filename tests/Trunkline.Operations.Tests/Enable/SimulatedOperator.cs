using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Tests.Enable;

/// <summary>A Machine Config Operator by a script: each look at the cluster shows the next step's state of pool worker and its nodes.</summary>
internal sealed class SimulatedOperator
{
    public const string Old = "rendered-worker-0";
    public const string New = "rendered-worker-1";
    private readonly List<Action<SimulatedOperator>> _script;
    private readonly SortedDictionary<string, JsonObject> _nodes = new(StringComparer.Ordinal);
    private JsonObject _pool = [];

    /// <param name="nodes">The nodes of pool worker, all of them with the old configuration.</param>
    /// <param name="script">What happens before each look but the first; the last state stays.</param>
    public SimulatedOperator(IEnumerable<string> nodes, params Action<SimulatedOperator>[] script)
    {
        _script = [.. script];
        foreach (var node in nodes)
        {
            Node(node, Old, Old);
        }

        Pool(Old, reached: Old, updated: true);
    }

    /// <summary>How often it was looked at.</summary>
    public int Looks { get; private set; }

    public Task<ClusterObjects> ReadAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (Looks++ > 0 && Looks - 2 < _script.Count)
        {
            _script[Looks - 2](this);
        }

        return Task.FromResult(new ClusterObjects(
            [.. _nodes.Select(node => new ClusterObject(ResourceKinds.Node, null, node.Key, node.Value)), .. _pool.Count == 0 ? [] : new[] { new ClusterObject(ResourceKinds.MachineConfigPool, null, "worker", _pool) }], [], "simulated"));
    }

    public void Node(string name, string current, string desired, string state = "Done", bool ready = true, bool cordoned = false) => _nodes[name] = Parse($$$"""
        {"metadata": {"name": "{{{name}}}", "labels": {"node-role.kubernetes.io/worker": ""}, "annotations": {
           "machineconfiguration.openshift.io/currentConfig": "{{{current}}}", "machineconfiguration.openshift.io/desiredConfig": "{{{desired}}}", "machineconfiguration.openshift.io/state": "{{{state}}}"}},
         "spec": {"unschedulable": {{{(cordoned ? "true" : "false")}}}}, "status": {"conditions": [{"type": "Ready", "status": "{{{(ready ? "True" : "False")}}}"}]}}
        """);

    public void Pool(string target, string reached, bool updated, bool paused = false, string? degraded = null, string? source = null)
    {
        var done = updated ? _nodes.Count : 0;
        _pool = Parse($$$"""
            {"metadata": {"name": "worker"}, "spec": {"paused": {{{(paused ? "true" : "false")}}}, "nodeSelector": {"matchLabels": {"node-role.kubernetes.io/worker": ""}},
              "configuration": {"name": "{{{target}}}", "source": [{"name": "00-worker"}{{{((source ?? (target == New ? "mine" : null)) is { } made ? $", {{\"name\": \"{made}\"}}" : "")}}}]}},
             "status": {"configuration": {"name": "{{{reached}}}"}, "machineCount": {{{_nodes.Count}}}, "updatedMachineCount": {{{done}}}, "readyMachineCount": {{{done}}}, "conditions": [
               {"type": "Updated", "status": "{{{(updated ? "True" : "False")}}}"}, {"type": "Updating", "status": "{{{(updated ? "False" : "True")}}}"},
               {"type": "NodeDegraded", "status": "{{{(degraded is null ? "False" : "True")}}}", "reason": "1 nodes are reporting degraded status on sync", "message": "{{{degraded}}}"}]}}
            """);
    }

    public void NoPool() => _pool = [];

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
