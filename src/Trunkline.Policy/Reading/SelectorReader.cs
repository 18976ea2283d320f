using System.Text.Json;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Reading;

/// <summary>A LabelSelector of a document.</summary>
internal static class SelectorReader
{
    /// <summary>Null where it is not one that can be understood as a whole.</summary>
    public static LabelSelector? Read(JsonElement? item)
    {
        if (item is not { ValueKind: JsonValueKind.Object } || !item.HasOnly("matchLabels", "matchExpressions"))
        {
            return null;
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in item.Field("matchLabels").FieldNames())
        {
            if (item.Field("matchLabels").Field(key).Text() is not { } value)
            {
                return null;
            }

            labels[key] = value;
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
        return known is { } op && item.Field("key").Text() is { Length: > 0 } key
            ? new(key, op, [.. item.Field("values").Items().Select(value => value.Text()).OfType<string>()])
            : null;
    }
}
