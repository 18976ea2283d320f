using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Trunkline.Controllers.MachineConfigs.Models;

/// <summary>machineconfiguration.openshift.io/v1 MachineConfig.</summary>
public sealed class MachineConfig : IKubernetesObject<V1ObjectMeta>, ISpec<MachineConfigSpec>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "machineconfiguration.openshift.io/v1";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "MachineConfig";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public MachineConfigSpec Spec { get; set => field = value ?? new(); } = new();
}
