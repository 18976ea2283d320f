using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Scheduling;

/// <summary>The cluster at the moment of one decision.</summary>
internal sealed class SchedulingSnapshot
{
    private static readonly IReadOnlyList<V1Pod> _none = [];

    private readonly Dictionary<string, List<V1Pod>> _byNode;
    private readonly Func<string, IDictionary<string, string>?> _namespaceLabels;

    public SchedulingSnapshot(
        IEnumerable<V1Node> nodes, IEnumerable<(V1Pod Pod, string Node)> placed, Func<string, IDictionary<string, string>?>? namespaceLabels = null)
    {
        Nodes = [.. nodes.OrderBy(n => n.Metadata.Name, StringComparer.Ordinal)];
        var byName = Nodes.ToDictionary(n => n.Metadata.Name);
        Placed = [.. placed.Where(p => byName.ContainsKey(p.Node) && !p.Pod.IsFinished()).Select(p => (p.Pod, byName[p.Node]))];
        _byNode = Placed.GroupBy(p => p.Node.Metadata.Name).ToDictionary(g => g.Key, g => g.Select(p => p.Pod).ToList());
        _namespaceLabels = namespaceLabels ?? (_ => null);
    }

    public IReadOnlyList<V1Node> Nodes { get; }

    public IReadOnlyList<(V1Pod Pod, V1Node Node)> Placed { get; }

    public IReadOnlyList<V1Pod> PodsOn(V1Node node) => _byNode.TryGetValue(node.Metadata.Name, out var pods) ? pods : _none;

    public IDictionary<string, string>? NamespaceLabels(string name) => _namespaceLabels(name);
}
