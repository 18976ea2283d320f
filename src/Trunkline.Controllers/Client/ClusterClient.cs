using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Trunkline.Controllers.Client;

/// <summary>Typed reads and writes by <see cref="ResourceType"/>; the same few verbs for core kinds, groups and custom resources.</summary>
internal sealed class ClusterClient(IKubernetes kubernetes)
{
    /// <summary>Who owns the fields that controllers set.</summary>
    private const string Manager = "kube-controller-manager";

    public IKubernetes Kubernetes => kubernetes;

    public async Task<T> GetAsync<T>(ResourceType type, ObjectKey key, CancellationToken token)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var found = type.Namespaced
            ? await kubernetes.CustomObjects.GetNamespacedCustomObjectAsync<T>(type.Group, type.Version, key.Namespace, type.Plural, key.Name, token)
                .ConfigureAwait(false)
            : await kubernetes.CustomObjects.GetClusterCustomObjectAsync<T>(type.Group, type.Version, type.Plural, key.Name, token)
                .ConfigureAwait(false);
        return type.Stamp(found);
    }

    public async Task<T> CreateAsync<T>(ResourceType type, T item, CancellationToken token)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        type.Stamp(item);
        var made = type.Namespaced
            ? await kubernetes.CustomObjects.CreateNamespacedCustomObjectAsync<T>(
                item, type.Group, type.Version, item.Metadata.NamespaceProperty, type.Plural, fieldManager: Manager, cancellationToken: token).ConfigureAwait(false)
            : await kubernetes.CustomObjects.CreateClusterCustomObjectAsync<T>(
                item, type.Group, type.Version, type.Plural, fieldManager: Manager, cancellationToken: token).ConfigureAwait(false);
        return type.Stamp(made);
    }

    public async Task<T> ReplaceAsync<T>(ResourceType type, T item, CancellationToken token)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        type.Stamp(item);
        var name = item.Metadata.Name;
        var made = type.Namespaced
            ? await kubernetes.CustomObjects.ReplaceNamespacedCustomObjectAsync<T>(
                item, type.Group, type.Version, item.Metadata.NamespaceProperty, type.Plural, name, fieldManager: Manager, cancellationToken: token).ConfigureAwait(false)
            : await kubernetes.CustomObjects.ReplaceClusterCustomObjectAsync<T>(
                item, type.Group, type.Version, type.Plural, name, fieldManager: Manager, cancellationToken: token).ConfigureAwait(false);
        return type.Stamp(made);
    }

    public async Task<T> ReplaceStatusAsync<T>(ResourceType type, T item, CancellationToken token)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        type.Stamp(item);
        var name = item.Metadata.Name;
        var made = type.Namespaced
            ? await kubernetes.CustomObjects.ReplaceNamespacedCustomObjectStatusAsync<T>(
                item, type.Group, type.Version, item.Metadata.NamespaceProperty, type.Plural, name, fieldManager: Manager, cancellationToken: token).ConfigureAwait(false)
            : await kubernetes.CustomObjects.ReplaceClusterCustomObjectStatusAsync<T>(
                item, type.Group, type.Version, type.Plural, name, fieldManager: Manager, cancellationToken: token).ConfigureAwait(false);
        return type.Stamp(made);
    }

    /// <summary>RFC 7396 merge patch: works alike for built-in and custom kinds. Lists are replaced whole, so a patch with a list carries a resourceVersion.</summary>
    public async Task<T> PatchAsync<T>(ResourceType type, ObjectKey key, JsonObject patch, CancellationToken token)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var body = new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch);
        var made = type.Namespaced
            ? await kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync<T>(
                body, type.Group, type.Version, key.Namespace, type.Plural, key.Name, fieldManager: Manager, cancellationToken: token).ConfigureAwait(false)
            : await kubernetes.CustomObjects.PatchClusterCustomObjectAsync<T>(
                body, type.Group, type.Version, type.Plural, key.Name, fieldManager: Manager, cancellationToken: token).ConfigureAwait(false);
        return type.Stamp(made);
    }

    /// <summary>Deletes with a precondition on the uid, so that an object of the same name made meanwhile is left alone.</summary>
    public async Task DeleteAsync(
        ResourceType type, ObjectKey key, string? uid, CancellationToken token, string propagation = "Background", long? gracePeriodSeconds = null)
    {
        var options = new V1DeleteOptions
        {
            ApiVersion = "v1",
            Kind = "DeleteOptions",
            PropagationPolicy = propagation,
            GracePeriodSeconds = gracePeriodSeconds,
            Preconditions = uid is null ? null : new V1Preconditions { Uid = uid },
        };
        if (type.Namespaced)
        {
            await kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync<JsonElement>(
                type.Group, type.Version, key.Namespace, type.Plural, key.Name, options, cancellationToken: token).ConfigureAwait(false);
        }
        else
        {
            await kubernetes.CustomObjects.DeleteClusterCustomObjectAsync<JsonElement>(
                type.Group, type.Version, type.Plural, key.Name, options, cancellationToken: token).ConfigureAwait(false);
        }
    }

    public async Task<KubernetesList<T>> ListAsync<T>(ResourceType type, string? inNamespace, CancellationToken token)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        return inNamespace is null
            ? await kubernetes.CustomObjects.ListClusterCustomObjectAsync<KubernetesList<T>>(
                type.Group, type.Version, type.Plural, cancellationToken: token).ConfigureAwait(false)
            : await kubernetes.CustomObjects.ListNamespacedCustomObjectAsync<KubernetesList<T>>(
                type.Group, type.Version, inNamespace, type.Plural, cancellationToken: token).ConfigureAwait(false);
    }

    /// <summary>Cached objects are shared and never written to: a change starts with a copy.</summary>
    public static T Copy<T>(T item)
        where T : IKubernetesObject<V1ObjectMeta> => KubernetesJson.Deserialize<T>(KubernetesJson.Serialize(item));
}
