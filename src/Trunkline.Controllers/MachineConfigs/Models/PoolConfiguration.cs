using System.Text.Json.Serialization;
using k8s.Models;

namespace Trunkline.Controllers.MachineConfigs.Models;

/// <summary>A rendered MachineConfig and the ones it was rendered from.</summary>
public sealed class PoolConfiguration
{
    [JsonPropertyName("apiVersion")]
    public string? ApiVersion { get; set; }

    [JsonPropertyName("kind")]
    public string? Kind { get; set; }

    [JsonPropertyName("name")]
    public string? Name { get; set; }

    [JsonPropertyName("source")]
    public IList<V1ObjectReference>? Source { get; set; }

    public bool Same(PoolConfiguration? other) =>
        other is not null && other.Name == Name && (Source ?? []).Select(s => s.Name).SequenceEqual((other.Source ?? []).Select(s => s.Name));
}
