namespace Trunkline.Node.Network.Policies;

/// <summary>Pods of a namespace with the same labels: policies cannot tell them apart, so that they are asked once for all of them.</summary>
/// <param name="ns">Their namespace.</param>
/// <param name="labels">Their labels.</param>
internal sealed class PodKind(string ns, IReadOnlyDictionary<string, string> labels)
{
    public string Namespace => ns;

    public IReadOnlyDictionary<string, string> Labels => labels;

    public HashSet<PodState> Pods { get; } = [];

    public HashSet<PodState> LocalPods { get; } = [];

    /// <summary>Sets whose selection they match.</summary>
    public HashSet<PeerSet> In { get; } = [];

    /// <summary>NetworkPolicies that select them, by key.</summary>
    public SortedDictionary<string, PolicyState> Policies { get; } = new(StringComparer.Ordinal);

    public static string KeyOf(string ns, IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0 ? ns : $"{ns}\n{string.Join('\n', labels.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}";
}
