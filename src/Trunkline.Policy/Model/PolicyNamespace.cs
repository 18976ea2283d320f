namespace Trunkline.Policy.Model;

/// <summary>A namespace as policies see it: its labels (Kubernetes itself adds <c>kubernetes.io/metadata.name</c>).</summary>
public sealed record PolicyNamespace(string Name, IReadOnlyDictionary<string, string> Labels);
