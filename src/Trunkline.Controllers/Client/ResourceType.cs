using k8s;
using k8s.Models;

namespace Trunkline.Controllers.Client;

/// <summary>Where the objects of a kind live in the API.</summary>
internal sealed record ResourceType(string Group, string Version, string Plural, string Kind, bool Namespaced)
{
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Lists leave apiVersion and kind out of their items; writing an object back needs them.</summary>
    public T Stamp<T>(T item)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        item.ApiVersion = ApiVersion;
        item.Kind = Kind;
        return item;
    }
}
