using System.Globalization;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.MachineConfigs.Models;

namespace Trunkline.Controllers.MachineConfigs.Pools;

/// <summary>How many nodes may be updated at once, and which come next.</summary>
internal static class PoolCapacity
{
    private const string Zone = "topology.kubernetes.io/zone";

    /// <summary>Default 1, also for what is no number; a percentage of the pool rounded down; never less than 1.</summary>
    public static int MaxUnavailable(IntOrString? wanted, int machines)
    {
        var text = wanted?.Value ?? "";
        var percent = text.EndsWith('%');
        if (!int.TryParse(percent ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return 1;
        }

        return Math.Max(1, percent ? (int)((long)number * machines / 100) : number);
    }

    /// <summary>The nodes to be sent to the pool's configuration now.</summary>
    public static IReadOnlyList<V1Node> Next(MachineConfigPool pool, IReadOnlyList<V1Node> nodes)
    {
        var target = pool.Spec.Configuration!.Name!;
        var capacity = MaxUnavailable(pool.Spec.MaxUnavailable, nodes.Count) - nodes.Count(n => n.IsUnavailable());
        // Nodes that fail on this very configuration are unavailable in all but name.
        capacity -= nodes.Count(n => n.Desired() == target && n.IsFailing());
        return capacity <= 0 ? [] : [.. Order(nodes.Where(n => n.Desired() != target && n.TakesWork())).Take(capacity)];
    }

    /// <summary>Zone by zone in order of their names, the oldest node of each first; nodes without a zone last.</summary>
    public static IEnumerable<V1Node> Order(IEnumerable<V1Node> nodes) =>
        nodes.OrderBy(n => n.Label(Zone) is null)
            .ThenBy(n => n.Label(Zone), StringComparer.Ordinal)
            .ThenBy(n => n.Metadata.CreationTimestamp)
            .ThenBy(n => n.Metadata.Name, StringComparer.Ordinal);
}
