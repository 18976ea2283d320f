using System.Globalization;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.MachineConfigs;

/// <summary>Which MachineConfigs and which nodes belong to which pool, as the Machine Config Operator decides it. Pure.</summary>
/// <param name="objects">The cluster's objects.</param>
public sealed class PoolMap(ClusterObjects objects)
{
    /// <summary>The label by which MachineConfigs say for which role they are.</summary>
    public const string RoleLabel = "machineconfiguration.openshift.io/role";

    private const string Zone = "topology.kubernetes.io/zone";

    /// <summary>All pools, as they were read.</summary>
    public IReadOnlyList<ClusterObject> Pools => objects.Of(ResourceKinds.MachineConfigPool);

    /// <summary>Whether a pool takes a MachineConfig with these labels.</summary>
    public static bool Takes(ClusterObject pool, IReadOnlyDictionary<string, string> labels) => ObjectSelector.Read(pool.Spec.Field("machineConfigSelector"))?.Matches(labels) == true;

    /// <summary>Whether a pool takes what is made for a role.</summary>
    public static bool TakesRole(ClusterObject pool, string role) => Takes(pool, new Dictionary<string, string>(StringComparer.Ordinal) { [RoleLabel] = role });

    /// <summary>The pool of a node: master before all, then the custom pool that selects it, then worker. In two custom pools: in none.</summary>
    public ClusterObject? PoolOf(ClusterObject node)
    {
        var labels = node.Labels();
        var selecting = Pools.Where(pool => ObjectSelector.Read(pool.Spec.Field("nodeSelector"))?.Matches(labels) == true).ToList();
        if (selecting.Find(pool => pool.Name == "master") is { } master)
        {
            return master;
        }

        var custom = selecting.Where(pool => pool.Name != "worker").ToList();
        return custom.Count switch
        {
            0 => selecting is [var worker, ..] ? worker : null,
            1 => custom[0],
            _ => null,
        };
    }

    /// <summary>The nodes of a pool, in the order in which they are updated: zone by zone, the oldest first, nodes without a zone last.</summary>
    public IReadOnlyList<ClusterObject> NodesOf(ClusterObject pool) =>
    [
        .. objects.Of(ResourceKinds.Node).Where(node => PoolOf(node)?.Name == pool.Name)
            .OrderBy(node => node.Label(Zone) is null).ThenBy(node => node.Label(Zone), StringComparer.Ordinal)
            .ThenBy(node => node.Document["metadata"].Field("creationTimestamp").AsText(), StringComparer.Ordinal).ThenBy(node => node.Name, StringComparer.Ordinal),
    ];

    /// <summary>The MachineConfigs that a pool takes, in the order in which they are merged: worker's by name, then the others' by name; the later one wins.</summary>
    public IReadOnlyList<ClusterObject> ConfigsOf(ClusterObject pool) =>
    [
        .. objects.Of(ResourceKinds.MachineConfig).Where(config => !IsRendered(config) && Takes(pool, config.Labels()))
            .OrderBy(config => config.Label(RoleLabel) != "worker").ThenBy(config => config.Name, StringComparer.Ordinal),
    ];

    /// <summary>The files that a pool's MachineConfigs put on its nodes, and which of them says so last.</summary>
    public IReadOnlyList<IgnitionFile> FilesOf(ClusterObject pool) => Merged(ConfigsOf(pool).SelectMany(config => IgnitionFiles.Of(config.Name, config.Document)));

    /// <summary>Files merged: of two with one path the later stays.</summary>
    public static IReadOnlyList<IgnitionFile> Merged(IEnumerable<IgnitionFile> files) => [.. files.GroupBy(file => file.Path, StringComparer.Ordinal).Select(group => group.Last())];

    /// <summary>How many nodes of a pool are updated at once: 1 if nothing is said, a percentage rounded down, never less than 1.</summary>
    public static int AtOnce(ClusterObject pool, int machines)
    {
        var wanted = pool.Spec.Field("maxUnavailable");
        if (wanted.AsNumber() is { } number)
        {
            return (int)Math.Clamp(number, 1, int.MaxValue);
        }

        var text = wanted.AsText() ?? "";
        var digits = text.EndsWith('%') ? text[..^1] : text;
        return !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? 1
            : Math.Max(1, text.EndsWith('%') ? (int)((long)value * machines / 100) : value);
    }

    /// <summary>Whether a MachineConfig is the operator's own rendering.</summary>
    public static bool IsRendered(ClusterObject config) =>
        config.Name.StartsWith("rendered-", StringComparison.Ordinal) || config.Document["metadata"].Field("ownerReferences").Objects().Any(owner => owner["kind"].AsText() == "MachineConfigPool");
}
