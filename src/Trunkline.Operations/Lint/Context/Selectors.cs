using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Context;

/// <summary>Label selectors as the API means them (apimachinery, labels.Selector).</summary>
internal static class Selectors
{
    /// <summary>Whether a LabelSelector chooses an object with these labels; an empty one chooses all.</summary>
    public static bool Matches(ManifestNode? selector, IReadOnlyDictionary<string, string> labels) =>
        IsEmpty(selector) || Matches((selector?["matchLabels"]).Words(), labels) && (selector?["matchExpressions"]).List().All(expression => Holds(expression, labels));

    /// <summary>Whether all of these labels are there.</summary>
    public static bool Matches(IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in wanted)
        {
            if (!labels.TryGetValue(key, out var has) || has != value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a selector chooses everything.</summary>
    public static bool IsEmpty(ManifestNode? selector) => selector?["matchLabels"]?.Entries is not { Count: > 0 } && selector?["matchExpressions"]?.Items is not { Count: > 0 };

    /// <summary>A selector in words: <c>app=sctpserver, tier in (a, b)</c>.</summary>
    public static string Words(ManifestNode? selector) => string.Join(", ",
        (selector?["matchLabels"]).Words().Select(label => $"{label.Key}={label.Value}")
        .Concat((selector?["matchExpressions"]).List().Select(one => $"{one["key"]?.Text} {one["operator"]?.Text} ({string.Join(", ", one["values"].Texts())})")));

    /// <summary>Labels in words, as those of a selector are.</summary>
    public static string Words(IReadOnlyDictionary<string, string> labels) => string.Join(", ", labels.Select(label => $"{label.Key}={label.Value}"));

    // NotIn and DoesNotExist also choose what has no such label.
    private static bool Holds(ManifestNode expression, IReadOnlyDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(expression["key"]?.Text ?? "", out var value);
        return expression["operator"]?.Text switch
        {
            "In" => has && expression["values"].Texts().Contains(value),
            "NotIn" => !has || !expression["values"].Texts().Contains(value),
            "Exists" => has,
            "DoesNotExist" => !has,
            _ => false,
        };
    }
}
