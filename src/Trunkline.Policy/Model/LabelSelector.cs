namespace Trunkline.Policy.Model;

/// <summary>A label selector: all of its parts have to match. An empty one matches everything; a missing one is null where it is used.</summary>
public sealed record LabelSelector
{
    public static LabelSelector Everything { get; } = new();

    public IReadOnlyDictionary<string, string> MatchLabels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<SelectorRequirement> MatchExpressions { get; init; } = [];

    public bool IsEverything => MatchLabels.Count == 0 && MatchExpressions.Count == 0;

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in MatchLabels)
        {
            if (!labels.TryGetValue(key, out var found) || found != value)
            {
                return false;
            }
        }

        foreach (var requirement in MatchExpressions)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same text for the same meaning whatever the order it was written in; also what a reader is shown.</summary>
    public override string ToString()
    {
        var parts = MatchLabels.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{LabelText.Of(pair.Key)}={LabelText.Of(pair.Value)}")
            .Concat(MatchExpressions.Select(requirement => requirement.ToString()).Order(StringComparer.Ordinal));
        return $"{{{string.Join(",", parts)}}}";
    }
}
