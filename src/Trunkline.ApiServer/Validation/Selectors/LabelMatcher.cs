using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Selectors;

/// <summary>Whether labels satisfy a selector.</summary>
internal static class LabelMatcher
{
    public static bool Matches(JsonObject? selector, JsonObject? labels)
    {
        foreach (var (key, value) in selector.Map("matchLabels"))
        {
            if (labels.Str(key) != value)
            {
                return false;
            }
        }

        return selector.Objects("matchExpressions").All(e => Matches(e, labels.Str(e.Text("key"))));
    }

    private static bool Matches(JsonObject expression, string? value) => expression.Text("operator") switch
    {
        "In" => value is not null && expression.Texts("values").Contains(value, StringComparer.Ordinal),
        "NotIn" => value is null || !expression.Texts("values").Contains(value, StringComparer.Ordinal),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };
}
