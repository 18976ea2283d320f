using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Workloads;

internal static class PodFactory
{
    /// <summary>A Pod of a template, owned by its controller and named by the server.</summary>
    public static V1Pod From(V1PodTemplateSpec template, IKubernetesObject<V1ObjectMeta> owner)
    {
        var copy = KubernetesJson.Deserialize<V1PodTemplateSpec>(KubernetesJson.Serialize(template));
        return new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                GenerateName = owner.Metadata.Name + "-",
                NamespaceProperty = owner.Metadata.NamespaceProperty,
                Labels = copy.Metadata?.Labels,
                Annotations = copy.Metadata?.Annotations,
                Finalizers = copy.Metadata?.Finalizers,
                OwnerReferences = [owner.AsOwner()],
            },
            Spec = copy.Spec,
        };
    }
}
