namespace Trunkline.Policy.Model;

/// <summary>One of a selector's matchExpressions.</summary>
public sealed record SelectorRequirement(string Key, SelectorOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>NotIn and DoesNotExist also match what lacks the key (apimachinery's labels.Requirement).</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            SelectorOperator.In => has && Values.Contains(value!),
            SelectorOperator.NotIn => !has || !Values.Contains(value!),
            SelectorOperator.Exists => has,
            _ => !has,
        };
    }

    public override string ToString() => Operator switch
    {
        SelectorOperator.In => $"{LabelText.Of(Key)} in ({List()})",
        SelectorOperator.NotIn => $"{LabelText.Of(Key)} notin ({List()})",
        SelectorOperator.Exists => LabelText.Of(Key),
        _ => $"!{LabelText.Of(Key)}",
    };

    private string List() => string.Join(",", Values.Select(LabelText.Of));
}
