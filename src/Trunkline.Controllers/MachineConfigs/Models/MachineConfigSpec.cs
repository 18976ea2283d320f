using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Trunkline.Controllers.MachineConfigs.Models;

public sealed class MachineConfigSpec
{
    /// <summary>An Ignition config, kept as written: rendering is what judges it.</summary>
    [JsonPropertyName("config")]
    public JsonNode? Config { get; set; }

    [JsonPropertyName("kernelArguments")]
    public IList<string>? KernelArguments { get; set; }

    [JsonPropertyName("extensions")]
    public IList<string>? Extensions { get; set; }

    [JsonPropertyName("fips")]
    public bool? Fips { get; set; }

    [JsonPropertyName("kernelType")]
    public string? KernelType { get; set; }

    [JsonPropertyName("osImageURL")]
    public string? OSImageUrl { get; set; }

    [JsonPropertyName("baseOSExtensionsContainerImage")]
    public string? BaseOSExtensionsContainerImage { get; set; }
}
