using System.Text.Json.Nodes;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Nodes;

/// <summary>Gives each node its ranges of Pod addresses, one a family (spec.podCIDRs). One worker, one key: two nodes can not get one range.</summary>
internal sealed class NodeIpamReconciler(Cluster cluster) : IReconciler
{
    private static readonly ObjectKey _all = new("", "nodes");

    private readonly IReadOnlyList<PodCidrAllocator> _allocators =
    [
        new(cluster.Options.ClusterCidr, cluster.Options.NodeCidrMaskSize),
        .. cluster.Options.SecondaryClusterCidr is { } second ? [new PodCidrAllocator(second, cluster.Options.SecondaryNodeCidrMaskSize)] : (PodCidrAllocator[])[],
    ];

    public string Name => "node-ipam";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.Nodes];

    public void Subscribe(WorkQueue queue) => cluster.Nodes.Store.Changed += (_, _) => queue.Add(_all);

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        var nodes = cluster.Nodes.Store.All;
        var used = nodes.SelectMany(Ranges).ToList();
        var waiting = nodes.Where(n => !Ranges(n).Any() && !n.IsDeleting()).OrderBy(n => n.Metadata.CreationTimestamp)
            .ThenBy(n => n.Metadata.Name, StringComparer.Ordinal);
        foreach (var node in waiting)
        {
            var ranges = _allocators.Select(a => a.Allocate(used)).OfType<string>().ToList();
            if (ranges.Count < _allocators.Count)
            {
                // All or none: what a node has may not change later.
                cluster.Events.Warning(node, "cidrAllocator", "CIDRNotAvailable", $"Node {node.Metadata.Name} status is now: CIDRNotAvailable");
                continue;
            }

            used.AddRange(ranges);
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["uid"] = node.Metadata.Uid },
                ["spec"] = new JsonObject { ["podCIDR"] = ranges[0], ["podCIDRs"] = new JsonArray([.. ranges.Select(r => (JsonNode)r)]) },
            };
            await cluster.PatchAsync(cluster.Nodes, node.Key(), patch, token).ConfigureAwait(false);
            Log.Node(cluster.Logger, node.Metadata.Name, $"Pods get their addresses from {string.Join(" and ", ranges)}");
        }

        return null;
    }

    private static IEnumerable<string> Ranges(V1Node node) =>
        node.Spec?.PodCIDRs is { Count: > 0 } many ? many : string.IsNullOrEmpty(node.Spec?.PodCIDR) ? [] : [node.Spec.PodCIDR];
}
