using System.Text.Json.Serialization;

namespace Trunkline.Node.Pods.State;

[JsonSourceGenerationOptions(WriteIndented = false, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PodRecord))]
internal sealed partial class StateJson : JsonSerializerContext;
