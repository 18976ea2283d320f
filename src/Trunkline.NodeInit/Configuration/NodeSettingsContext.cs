using System.Text.Json.Serialization;

namespace Trunkline.NodeInit.Configuration;

/// <summary>Source generated, because the binary is compiled ahead of time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeSettings))]
[JsonSerializable(typeof(NamespaceEntry))]
internal sealed partial class NodeSettingsContext : JsonSerializerContext;
