using System.Text.Json.Nodes;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Nodes;

/// <summary>Gives each node its range of Pod addresses (spec.podCIDR). One worker, one key: two nodes can not get one range.</summary>
internal sealed class NodeIpamReconciler(Cluster cluster) : IReconciler
{
    private static readonly ObjectKey _all = new("", "nodes");

    private readonly PodCidrAllocator _allocator = new(cluster.Options.ClusterCidr, cluster.Options.NodeCidrMaskSize);

    public string Name => "node-ipam";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.Nodes];

    public void Subscribe(WorkQueue queue) => cluster.Nodes.Store.Changed += (_, _) => queue.Add(_all);

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        var nodes = cluster.Nodes.Store.All;
        var used = nodes.Where(HasRange).Select(n => n.Spec.PodCIDR).ToList();
        var waiting = nodes.Where(n => !HasRange(n) && !n.IsDeleting()).OrderBy(n => n.Metadata.CreationTimestamp)
            .ThenBy(n => n.Metadata.Name, StringComparer.Ordinal);
        foreach (var node in waiting)
        {
            if (_allocator.Allocate(used) is not { } range)
            {
                cluster.Events.Warning(node, "cidrAllocator", "CIDRNotAvailable", $"Node {node.Metadata.Name} status is now: CIDRNotAvailable");
                continue;
            }

            used.Add(range);
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["uid"] = node.Metadata.Uid },
                ["spec"] = new JsonObject { ["podCIDR"] = range, ["podCIDRs"] = new JsonArray(range) },
            };
            await cluster.PatchAsync(cluster.Nodes, node.Key(), patch, token).ConfigureAwait(false);
            Log.Node(cluster.Logger, node.Metadata.Name, $"Pods get their addresses from {range}");
        }

        return null;
    }

    private static bool HasRange(V1Node node) => !string.IsNullOrEmpty(node.Spec?.PodCIDR);
}
