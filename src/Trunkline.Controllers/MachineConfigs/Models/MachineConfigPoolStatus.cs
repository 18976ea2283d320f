using System.Text.Json.Serialization;

namespace Trunkline.Controllers.MachineConfigs.Models;

public sealed class MachineConfigPoolStatus
{
    [JsonPropertyName("observedGeneration")]
    public long? ObservedGeneration { get; set; }

    /// <summary>What all nodes run; follows spec.configuration only when the whole pool is updated.</summary>
    [JsonPropertyName("configuration")]
    public PoolConfiguration? Configuration { get; set; }

    [JsonPropertyName("machineCount")]
    public int MachineCount { get; set; }

    [JsonPropertyName("updatedMachineCount")]
    public int UpdatedMachineCount { get; set; }

    [JsonPropertyName("readyMachineCount")]
    public int ReadyMachineCount { get; set; }

    [JsonPropertyName("unavailableMachineCount")]
    public int UnavailableMachineCount { get; set; }

    [JsonPropertyName("degradedMachineCount")]
    public int DegradedMachineCount { get; set; }

    [JsonPropertyName("conditions")]
    public IList<PoolCondition> Conditions { get; set => field = value ?? []; } = [];
}
