namespace Trunkline.ApiServer.Selectors;

/// <summary>One requirement of a label selector.</summary>
/// <param name="Key">The label.</param>
/// <param name="Operator"><c>in</c>, <c>notin</c>, <c>exists</c>, <c>!</c>, <c>gt</c> or <c>lt</c>.</param>
/// <param name="Values">Values to compare with.</param>
public sealed record LabelRequirement(string Key, string Operator, IReadOnlyList<string> Values)
{
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            "in" => has && Values.Contains(value),
            "notin" => !has || !Values.Contains(value),
            "exists" => has,
            "!" => !has,
            "gt" => has && long.TryParse(value, out var v) && long.TryParse(Values[0], out var least) && v > least,
            "lt" => has && long.TryParse(value, out var v) && long.TryParse(Values[0], out var most) && v < most,
            _ => false,
        };
    }
}
