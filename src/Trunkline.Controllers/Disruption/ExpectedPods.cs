using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Disruption;

/// <summary>How many Pods the controllers behind some Pods want altogether.</summary>
internal sealed class ExpectedPods(Cluster cluster)
{
    public (int? Count, string? Failure) Count(IReadOnlyList<V1Pod> pods)
    {
        var scales = new Dictionary<string, int>();
        foreach (var pod in pods)
        {
            if (pod.ControllerOwner() is not { } owner)
            {
                return (null, $"found no controllers for pod \"{pod.Metadata.Name}\"");
            }

            if (Scale(pod.Metadata.NamespaceProperty, owner) is not { } scale)
            {
                return (null, $"found no controller ref for pod \"{pod.Metadata.Name}\"");
            }

            scales[scale.Uid] = scale.Replicas;
        }

        return (scales.Values.Sum(), null);
    }

    /// <summary>A ReplicaSet of a Deployment counts as the Deployment: during a roll-out it has several.</summary>
    private (string Uid, int Replicas)? Scale(string home, V1OwnerReference owner)
    {
        if (owner.Kind != "ReplicaSet" || cluster.ReplicaSets.Store.Get(home, owner.Name) is not { } set || set.Metadata.Uid != owner.Uid)
        {
            return null;
        }

        var deployment = set.ControllerOwner() is { Kind: "Deployment" } d ? cluster.Deployments.Store.Get(home, d.Name) : null;
        return deployment is null ? (owner.Uid, set.Spec.Replicas ?? 1) : (deployment.Metadata.Uid, deployment.Spec.Replicas ?? 1);
    }
}
