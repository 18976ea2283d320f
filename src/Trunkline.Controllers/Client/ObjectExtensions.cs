using System.Globalization;
using k8s;
using k8s.Models;

namespace Trunkline.Controllers.Client;

internal static class ObjectExtensions
{
    public static ObjectKey Key(this IKubernetesObject<V1ObjectMeta> item) => new(item.Metadata.NamespaceProperty ?? "", item.Metadata.Name);

    /// <summary>Resource versions of one server are decimal and grow (Kubernetes 1.35 makes that part of the API); anything else compares as 0.</summary>
    public static ulong Revision(this IKubernetesObject<V1ObjectMeta> item) => ParseRevision(item.Metadata.ResourceVersion);

    public static ulong ParseRevision(string? text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;

    public static bool IsDeleting(this IKubernetesObject<V1ObjectMeta> item) => item.Metadata.DeletionTimestamp is not null;

    public static string? Annotation(this IKubernetesObject<V1ObjectMeta> item, string name) =>
        item.Metadata.Annotations is { } all && all.TryGetValue(name, out var value) ? value : null;

    public static string? Label(this IKubernetesObject<V1ObjectMeta> item, string name) =>
        item.Metadata.Labels is { } all && all.TryGetValue(name, out var value) ? value : null;

    public static V1OwnerReference? ControllerOwner(this IKubernetesObject<V1ObjectMeta> item) =>
        item.Metadata.OwnerReferences?.FirstOrDefault(o => o.Controller == true);

    public static bool HasFinalizer(this IKubernetesObject<V1ObjectMeta> item, string name) => item.Metadata.Finalizers?.Contains(name) == true;

    public static V1OwnerReference AsOwner(this IKubernetesObject<V1ObjectMeta> item) => new()
    {
        ApiVersion = item.ApiVersion,
        Kind = item.Kind,
        Name = item.Metadata.Name,
        Uid = item.Metadata.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };

    public static V1ObjectReference AsReference(this IKubernetesObject<V1ObjectMeta> item) => new()
    {
        ApiVersion = item.ApiVersion,
        Kind = item.Kind,
        Name = item.Metadata.Name,
        NamespaceProperty = item.Metadata.NamespaceProperty,
        Uid = item.Metadata.Uid,
        ResourceVersion = item.Metadata.ResourceVersion,
    };
}
