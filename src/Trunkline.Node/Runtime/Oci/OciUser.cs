using System.Text.Json.Nodes;
using k8s.Models;

namespace Trunkline.Node.Runtime.Oci;

/// <summary>As whom a container runs: its own security context first, then the Pod's, then root as the base image says.</summary>
internal static class OciUser
{
    public static JsonObject Build(V1Pod pod, V1Container container)
    {
        var podSecurity = pod.Spec.SecurityContext;
        var user = container.SecurityContext?.RunAsUser ?? podSecurity?.RunAsUser ?? 0;
        var group = container.SecurityContext?.RunAsGroup ?? podSecurity?.RunAsGroup ?? 0;
        var additional = (podSecurity?.SupplementalGroups?.OfType<long>() ?? []).Concat(podSecurity?.FsGroup is { } fsGroup ? (long[])[fsGroup] : []).Distinct();
        var result = new JsonObject { ["uid"] = user, ["gid"] = group };
        if (additional.Select(gid => (JsonNode)gid).ToArray() is { Length: > 0 } gids)
        {
            result["additionalGids"] = new JsonArray(gids);
        }

        return result;
    }

    /// <summary>A kubelet refuses to start as root what says it must not: the words of its CreateContainerConfigError, or null.</summary>
    public static string? Refusal(V1Pod pod, V1Container container)
    {
        var mustNot = container.SecurityContext?.RunAsNonRoot ?? pod.Spec.SecurityContext?.RunAsNonRoot ?? false;
        var user = container.SecurityContext?.RunAsUser ?? pod.Spec.SecurityContext?.RunAsUser;
        if (!mustNot || user > 0)
        {
            return null;
        }

        return user is null ? "container has runAsNonRoot and image will run as root" : "container's runAsUser breaks non-root policy";
    }
}
