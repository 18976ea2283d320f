namespace Trunkline.Operations.Doctor.Facts;

/// <summary>What probes saw beside the API's objects, each with how it was read.</summary>
public sealed record ProbeFacts
{
    /// <summary>Nothing was looked at.</summary>
    public static ProbeFacts None { get; } = new();

    /// <summary>By node.</summary>
    public IReadOnlyList<NodeFacts> Nodes { get; init; } = [];

    /// <summary>By Pod.</summary>
    public IReadOnlyList<PodFacts> Pods { get; init; } = [];

    /// <summary>What could not be looked at, and why, each in one sentence that names the missing verb and resource.</summary>
    public IReadOnlyList<string> NotLooked { get; init; } = [];

    internal NodeFacts? Node(string? name) => Nodes.FirstOrDefault(node => node.Node == name);

    internal PodFacts? Pod(string ns, string name) => Pods.FirstOrDefault(pod => pod.Namespace == ns && pod.Pod == name);
}
