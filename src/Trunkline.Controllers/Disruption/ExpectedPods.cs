using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Disruption;

/// <summary>How many Pods the controllers behind some Pods want altogether.</summary>
internal sealed class ExpectedPods(Cluster cluster)
{
    public async Task<(int? Count, string? Failure)> CountAsync(IReadOnlyList<V1Pod> pods, CancellationToken token)
    {
        var scales = new Dictionary<string, int>();
        foreach (var pod in pods)
        {
            if (pod.ControllerOwner() is not { } owner)
            {
                return (null, $"found no controllers for pod \"{pod.Metadata.Name}\"");
            }

            if (await ScaleAsync(pod.Metadata.NamespaceProperty, owner, token).ConfigureAwait(false) is not { } scale)
            {
                return (null, $"found no controller ref for pod \"{pod.Metadata.Name}\"");
            }

            scales[scale.Uid] = scale.Replicas;
        }

        return (scales.Values.Sum(), null);
    }

    /// <summary>A ReplicaSet of a Deployment counts as the Deployment: during a roll-out it has several.</summary>
    private async Task<(string Uid, int Replicas)?> ScaleAsync(string home, V1OwnerReference owner, CancellationToken token)
    {
        switch (owner.Kind)
        {
            case "ReplicaSet" when cluster.ReplicaSets.Store.Get(home, owner.Name) is { } set && set.Metadata.Uid == owner.Uid:
                var deployment = set.ControllerOwner() is { Kind: "Deployment" } d ? cluster.Deployments.Store.Get(home, d.Name) : null;
                return deployment is null ? (owner.Uid, set.Spec.Replicas ?? 1) : (deployment.Metadata.Uid, deployment.Spec.Replicas ?? 1);
            case "StatefulSet":
                var scale = await cluster.Client.Kubernetes.CustomObjects.GetNamespacedCustomObjectScaleAsync<V1Scale>(
                    ResourceTypes.StatefulSets.Group, ResourceTypes.StatefulSets.Version, home, ResourceTypes.StatefulSets.Plural, owner.Name, token)
                    .ConfigureAwait(false);
                return (owner.Uid, scale.Spec?.Replicas ?? 0);
            default:
                return null;
        }
    }
}
