using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Trunkline.Controllers.MachineConfigs.Models;

/// <summary>machineconfiguration.openshift.io/v1 MachineConfigPool.</summary>
public sealed class MachineConfigPool : IKubernetesObject<V1ObjectMeta>, ISpec<MachineConfigPoolSpec>, IStatus<MachineConfigPoolStatus?>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "machineconfiguration.openshift.io/v1";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "MachineConfigPool";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public MachineConfigPoolSpec Spec { get; set => field = value ?? new(); } = new();

    [JsonPropertyName("status")]
    public MachineConfigPoolStatus? Status { get; set; }
}
