using System.Text.Json.Serialization;
using k8s.Models;

namespace Trunkline.Controllers.MachineConfigs.Models;

public sealed class MachineConfigPoolSpec
{
    [JsonPropertyName("machineConfigSelector")]
    public V1LabelSelector? MachineConfigSelector { get; set; }

    [JsonPropertyName("nodeSelector")]
    public V1LabelSelector? NodeSelector { get; set; }

    [JsonPropertyName("paused")]
    public bool? Paused { get; set; }

    /// <summary>Nodes that may be unavailable during an update. Default 1; a percentage is rounded down, and zero means 1.</summary>
    [JsonPropertyName("maxUnavailable")]
    public IntOrString? MaxUnavailable { get; set; }

    /// <summary>What the pool's nodes should run: written by the render controller.</summary>
    [JsonPropertyName("configuration")]
    public PoolConfiguration? Configuration { get; set; }
}
