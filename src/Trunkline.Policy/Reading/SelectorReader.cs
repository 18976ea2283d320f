using System.Text.Json;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Reading;

/// <summary>A LabelSelector of a document.</summary>
internal static class SelectorReader
{
    /// <summary>Null where it is not one that can be understood as a whole.</summary>
    public static LabelSelector? Read(JsonElement? item)
    {
        if (item is not { ValueKind: JsonValueKind.Object } || !item.HasOnly("matchLabels", "matchExpressions")
            || item.Field("matchLabels") is not (null or { ValueKind: JsonValueKind.Object }) || !item.Field("matchExpressions").IsListOrAbsent())
        {
            return null;
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (item.Field("matchLabels") is { } given)
        {
            foreach (var label in given.EnumerateObject())
            {
                if (((JsonElement?)label.Value).Text() is not { } value)
                {
                    return null;
                }

                labels[label.Name] = value;
            }
        }

        var expressions = new List<SelectorRequirement>();
        foreach (var expression in item.Field("matchExpressions").Items())
        {
            if (Requirement(expression) is not { } requirement)
            {
                return null;
            }

            expressions.Add(requirement);
        }

        return new LabelSelector { MatchLabels = labels, MatchExpressions = expressions };
    }

    private static SelectorRequirement? Requirement(JsonElement? item)
    {
        SelectorOperator? known = item.Field("operator").Text() switch
        {
            "In" => SelectorOperator.In,
            "NotIn" => SelectorOperator.NotIn,
            "Exists" => SelectorOperator.Exists,
            "DoesNotExist" => SelectorOperator.DoesNotExist,
            _ => null,
        };
        var values = item.Field("values").Items().Select(value => value.Text()).ToList();
        // In and NotIn name values, the others none (apimachinery's validation): a NotIn of nothing would select everybody.
        return known is { } op && item.Field("key").Text() is { Length: > 0 } key && item.HasOnly("key", "operator", "values") && item.Field("values").IsListOrAbsent()
            && !values.Contains(null) && (op is SelectorOperator.In or SelectorOperator.NotIn) == (values.Count > 0)
            ? new(key, op, [.. values.OfType<string>()])
            : null;
    }
}
