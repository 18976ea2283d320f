using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.MachineConfigs;

namespace Trunkline.Operations.Guide;

/// <summary>What a roll-out's watch log shows, replayed in the order of resource versions. Pure.</summary>
/// <param name="nodes">The Nodes as they were when the watch began.</param>
/// <param name="workers">Names of the nodes in the pool.</param>
/// <param name="log">Events of Nodes, Pods, the pool and the MachineConfig.</param>
internal sealed class Rollout(IEnumerable<JsonObject> nodes, IReadOnlySet<string> workers, IEnumerable<WatchEvent> log)
{
    private readonly List<WatchEvent> _log = [.. log.Where(e => e.Type != "BOOKMARK").OrderBy(e => e.ResourceVersion)];
    private readonly List<JsonObject> _nodes = [.. nodes];

    /// <summary>The most workers that were unschedulable at one time.</summary>
    public int MostUnschedulable()
    {
        var cordoned = new HashSet<string>(_nodes.Where(Unschedulable).Select(Name), StringComparer.Ordinal);
        var most = cordoned.Count;
        foreach (var node in _log.Where(e => e.Kind == "Node" && workers.Contains(e.Name)))
        {
            if (Unschedulable(node.Item))
            {
                cordoned.Add(node.Name);
            }
            else
            {
                cordoned.Remove(node.Name);
            }

            most = Math.Max(most, cordoned.Count);
        }

        return most;
    }

    /// <summary>Workers that were seen unschedulable, in the order in which they first were.</summary>
    public IReadOnlyList<string> CordonOrder() =>
        [.. _log.Where(e => e.Kind == "Node" && workers.Contains(e.Name) && Unschedulable(e.Item)).Select(e => e.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>Workers that were seen NotReady.</summary>
    public IReadOnlySet<string> SeenNotReady() =>
        _log.Where(e => e.Kind == "Node" && workers.Contains(e.Name) && !Ready(e.Item)).Select(e => e.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Workers from which a Pod went away while they were cordoned and still Ready: what a drain does, and a reboot alone does not.</summary>
    public IReadOnlySet<string> Drained()
    {
        var latest = _nodes.ToDictionary(Name, StringComparer.Ordinal);
        var drained = new HashSet<string>(StringComparer.Ordinal);
        foreach (var e in _log)
        {
            if (e.Kind == "Node")
            {
                latest[e.Name] = e.Item;
            }
            else if (e.Kind == "Pod" && e.Type == "DELETED" && latest.TryGetValue(Text(e.Item["spec"]?["nodeName"]), out var node) && Unschedulable(node) && Ready(node))
            {
                drained.Add(Name(node));
            }
        }

        return drained;
    }

    /// <summary>
    /// A resource version at which the MachineConfig existed, every Node was Ready, and the pool had not begun: whoever waited for Ready would have
    /// stopped waiting here. Null when there was no such moment.
    /// </summary>
    public long? ReadyTooSoon(string machineConfig, string pool)
    {
        var ready = _nodes.ToDictionary(Name, Ready, StringComparer.Ordinal);
        var exists = false;
        foreach (var e in _log)
        {
            switch (e.Kind)
            {
                case "Node":
                    ready[e.Name] = e.Type != "DELETED" && Ready(e.Item);
                    break;
                case "MachineConfig" when e.Name == machineConfig:
                    exists = true;
                    break;
                case "MachineConfigPool" when e.Name == pool && Begun(e.Item, machineConfig):
                    return null;
            }

            if (exists && ready.Values.All(r => r))
            {
                return e.ResourceVersion;
            }
        }

        return null;
    }

    /// <summary>Whether a pool was seen Updating, and Updated after it.</summary>
    public bool UpdatingThenUpdated(string pool)
    {
        var updating = false;
        foreach (var e in _log.Where(e => e.Kind == "MachineConfigPool" && e.Name == pool))
        {
            if (Condition(e.Item, "Updating"))
            {
                updating = true;
            }
            else if (updating && Condition(e.Item, "Updated"))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a pool has all its machines on a configuration that holds the MachineConfig (the wait of reference section 4.3).</summary>
    public static bool Complete(JsonNode pool, string machineConfig) => new PoolState(pool) is { IsDone: true } state && state.IsMadeOf(machineConfig);

    /// <summary>Whether a condition's status is True.</summary>
    public static bool Condition(JsonNode item, string type) => new PoolState(item).Is(type);

    private static bool Begun(JsonNode pool, string machineConfig) => new PoolState(pool).IsMadeOf(machineConfig);

    private static bool Ready(JsonObject node) => Condition(node, "Ready");

    private static bool Unschedulable(JsonObject node) => node["spec"]?["unschedulable"]?.GetValue<bool>() ?? false;

    private static string Name(JsonObject item) => Text(item["metadata"]?["name"]);

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
