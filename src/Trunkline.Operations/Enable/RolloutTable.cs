using Trunkline.Operations.MachineConfigs;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Enable;

/// <summary>Where a roll-out stands at one moment. From the pools' and nodes' own words; pure.</summary>
/// <param name="Pools">The pools that are waited for.</param>
public sealed record RolloutTable(IReadOnlyList<RolloutPool> Pools)
{
    /// <summary>Whether all pools are done.</summary>
    public bool Done => Pools.All(pool => pool.Done);

    /// <summary>Why one of them gets no further; null while all do.</summary>
    public string? Trouble => Pools.Select(pool => pool.Done ? null : pool.Trouble).FirstOrDefault(trouble => trouble is not null);

    /// <summary>Looks at a cluster.</summary>
    /// <param name="plan">What is waited for.</param>
    /// <param name="objects">Pools and nodes as they stand.</param>
    public static RolloutTable Of(ModulePlan plan, ClusterObjects objects)
    {
        var map = new PoolMap(objects);
        return new RolloutTable([.. plan.Pools.Select(pool => map.Pools.FirstOrDefault(item => item.Name == pool.Name) is { } found
            ? PoolOf(pool, found, map, plan.Off)
            : new RolloutPool(pool.Name, null, "gone", false, $"pool {pool.Name} is no longer there", []))]);
    }

    private static RolloutPool PoolOf(PoolPlan plan, ClusterObject pool, PoolMap map, bool off)
    {
        var state = new PoolState(pool.Document);
        // "Updated" is true of the old configuration until the operator has rendered a new one: the pool counts only once its target is made of what was created.
        var rendered = plan.MachineConfigs.All(config => state.IsMadeOf(config) != off);
        var nodes = map.NodesOf(pool).Select(node => new PoolNode(node))
            .Select(node => new RolloutNode(node.Name, node.Current, node.Desired, Word(node), node.Ready, node.Cordoned, rendered && node.Has(state.Target))).ToList();
        var done = rendered && state.IsDone && nodes.TrueForAll(node => node.Updated);
        var phase = done ? $"all {nodes.Count} nodes have {state.Target}"
            : !rendered ? "the operator has not rendered it yet"
            : $"{nodes.Count(node => node.Updated)} of {nodes.Count} nodes have {state.Target}";
        return new RolloutPool(pool.Name, state.Target, phase, done, state.Trouble, nodes);
    }

    private static string Word(PoolNode node)
    {
        var word = node.State ?? "";
        return node.Reason is { } reason ? $"{word} ({reason})" : word;
    }
}
