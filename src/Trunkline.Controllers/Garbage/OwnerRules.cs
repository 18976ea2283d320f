using k8s;
using k8s.Models;

namespace Trunkline.Controllers.Garbage;

/// <summary>Kubernetes' garbage collection rules, without the cluster.</summary>
internal static class OwnerRules
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";

    /// <summary>gone: references whose object, by uid, does not exist.</summary>
    public static OwnerDecision Decide(IReadOnlyCollection<V1OwnerReference> owners, IReadOnlyCollection<V1OwnerReference> gone) =>
        owners.Count == 0 || gone.Count == 0 ? OwnerDecision.Keep
        : gone.Count == owners.Count ? OwnerDecision.Delete
        : OwnerDecision.DropReferences;

    public static bool Owns(IKubernetesObject<V1ObjectMeta> owner, IKubernetesObject<V1ObjectMeta> dependent) =>
        dependent.Metadata.OwnerReferences?.Any(o => o.Uid == owner.Metadata.Uid) == true;

    /// <summary>Only a dependent that says blockOwnerDeletion holds an owner that waits in the foreground.</summary>
    public static bool Blocks(IKubernetesObject<V1ObjectMeta> owner, IKubernetesObject<V1ObjectMeta> dependent) =>
        dependent.Metadata.OwnerReferences?.Any(o => o.Uid == owner.Metadata.Uid && o.BlockOwnerDeletion == true) == true;
}
