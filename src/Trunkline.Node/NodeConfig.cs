using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trunkline.Node;

/// <summary>What a node knows about itself at boot: <c>/etc/trunkline/node.json</c> (docs/architecture.md).</summary>
public sealed record NodeConfig
{
    [JsonPropertyName("nodeName"), JsonRequired] public string NodeName { get; init; } = "";

    /// <summary><c>worker</c> or <c>control-plane</c>.</summary>
    [JsonPropertyName("role"), JsonRequired] public string Role { get; init; } = "";

    [JsonPropertyName("nodeIp"), JsonRequired] public string NodeIp { get; init; } = "";

    /// <summary>All of the node's addresses, at most one a family, <see cref="NodeIp"/> first. Empty: that one alone.</summary>
    [JsonPropertyName("nodeIps")] public IReadOnlyList<string> NodeIps { get; init; } = [];

    /// <summary>The node's addresses, the primary one first.</summary>
    [JsonIgnore] public IReadOnlyList<string> Addresses => NodeIps.Count > 0 ? NodeIps : [NodeIp];

    [JsonPropertyName("apiServer"), JsonRequired] public string ApiServer { get; init; } = "";

    [JsonPropertyName("caFile"), JsonRequired] public string CaFile { get; init; } = "";

    [JsonPropertyName("certFile"), JsonRequired] public string CertFile { get; init; } = "";

    [JsonPropertyName("keyFile"), JsonRequired] public string KeyFile { get; init; } = "";

    [JsonPropertyName("servingCertFile"), JsonRequired] public string ServingCertFile { get; init; } = "";

    [JsonPropertyName("servingKeyFile"), JsonRequired] public string ServingKeyFile { get; init; } = "";

    /// <summary>The unpacked root of the base image, read-only.</summary>
    [JsonPropertyName("imageLayout"), JsonRequired] public string ImageLayout { get; init; } = "";

    /// <summary>The base image's name and the digest of its manifest: what every container's imageID says.</summary>
    [JsonPropertyName("imageId")] public string ImageId { get; init; } = "localhost/trunkline/base";

    [JsonPropertyName("agentCommand")] public IReadOnlyList<string> AgentCommand { get; init; } = [];

    [JsonPropertyName("sctpServiceCommand")] public IReadOnlyList<string> SctpServiceCommand { get; init; } = [];

    [JsonPropertyName("labels")] public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The cgroup, absolute below each hierarchy's root, under which the Pods' cgroups stand.</summary>
    [JsonPropertyName("cgroupParent")] public string CgroupParent { get; init; } = "/trunkline/pods";

    /// <summary>Reads the file; a file that lacks a member or is no JSON is an <see cref="InvalidDataException"/> that names it.</summary>
    public static NodeConfig Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<NodeConfig>(File.ReadAllBytes(path)) ?? throw new InvalidDataException($"{path} is empty");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is not a node configuration: {exception.Message}", exception);
        }
    }
}
