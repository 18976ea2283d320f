using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Trunkline.Controllers.Namespaces;

/// <summary>An object of any kind, seen by its metadata only.</summary>
internal sealed class AnyObject : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();
}
