using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Workloads;

/// <summary>The Pods of a controller: those that name it, and those without a controller that its selector matches, which it takes over.</summary>
internal sealed class OwnedPods(Cluster cluster)
{
    public async Task<List<V1Pod>> ClaimAsync(IKubernetesObject<V1ObjectMeta> owner, V1LabelSelector selector, CancellationToken token)
    {
        var mine = new List<V1Pod>();
        foreach (var pod in cluster.Pods.Store.All.Where(p => p.Metadata.NamespaceProperty == owner.Metadata.NamespaceProperty))
        {
            var controller = pod.ControllerOwner();
            if (controller?.Uid == owner.Metadata.Uid)
            {
                mine.Add(pod);
            }
            else if (controller is null && pod.IsActive() && !owner.IsDeleting() && LabelSelection.Matches(selector, pod.Metadata.Labels))
            {
                mine.Add(await AdoptAsync(pod, owner, token).ConfigureAwait(false));
            }
        }

        return mine;
    }

    private Task<V1Pod> AdoptAsync(V1Pod pod, IKubernetesObject<V1ObjectMeta> owner, CancellationToken token)
    {
        List<V1OwnerReference> owners = [.. pod.Metadata.OwnerReferences ?? [], owner.AsOwner()];
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = pod.Metadata.ResourceVersion,
                ["ownerReferences"] = JsonNode.Parse(KubernetesJson.Serialize(owners)),
            },
        };
        return cluster.PatchAsync(cluster.Pods, pod.Key(), patch, token);
    }
}
