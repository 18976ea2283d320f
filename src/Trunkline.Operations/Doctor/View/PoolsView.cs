using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Doctor.View;

/// <summary>OpenShift's MachineConfigPools; none on other clusters.</summary>
internal sealed class PoolsView
{
    private readonly Dictionary<string, PoolView> _byNode = new(StringComparer.Ordinal);

    public PoolsView(ClusterView view)
    {
        Configs = [.. from config in view.Objects.Of(ResourceKinds.MachineConfig)
                      where !config.Name.StartsWith("rendered-", StringComparison.Ordinal)
                      let files = IgnitionFile.Of(config.Spec).Where(file => file.IsSctp).ToList()
                      where files.Count > 0
                      select new SctpMachineConfig(config, files)];
        var sources = view.Objects.Of(ResourceKinds.MachineConfigPool);
        var members = view.Objects.Of(ResourceKinds.Node).ToLookup(node => PoolOf(node, sources), node => node);
        All = [.. from pool in sources
                  let selector = Selectors.Read(pool.Spec.Field("machineConfigSelector"))
                  select new PoolView(pool, [.. members[pool]], [.. Configs.Where(config => selector?.Matches(PodView.Map(config.Source.Document["metadata"].Field("labels"))) ?? false)])];
        foreach (var (pool, node) in All.SelectMany(pool => pool.Nodes.Select(node => (pool, node))))
        {
            _byNode[node.Name] = pool;
        }
    }

    public IReadOnlyList<PoolView> All { get; }

    /// <summary>MachineConfigs that say anything about SCTP.</summary>
    public IReadOnlyList<SctpMachineConfig> Configs { get; }

    /// <summary>The pool of a node; null where it has none.</summary>
    public PoolView? OfNode(string? node) => node is null ? null : _byNode.GetValueOrDefault(node);

    // The operator's own order: master before all, a custom pool before worker.
    private static ClusterObject? PoolOf(ClusterObject node, IReadOnlyList<ClusterObject> pools)
    {
        var labels = PodView.Map(node.Document["metadata"].Field("labels"));
        var matching = pools.Where(pool => PoolView.NodeSelector(pool)?.Matches(labels) ?? false).ToList();
        return matching.Find(pool => pool.Name == "master") ?? matching.Find(pool => pool.Name != "worker") ?? matching.FirstOrDefault();
    }
}
