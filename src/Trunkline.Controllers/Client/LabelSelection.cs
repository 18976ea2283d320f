using k8s.Models;

namespace Trunkline.Controllers.Client;

/// <summary>Label selectors of metav1: matchLabels and matchExpressions are ANDed; an empty selector matches everything, none nothing.</summary>
internal static class LabelSelection
{
    public static bool Matches(V1LabelSelector? selector, IDictionary<string, string>? labels)
    {
        if (selector is null)
        {
            return false;
        }

        return (selector.MatchLabels ?? new Dictionary<string, string>()).All(p => Equals(labels, p.Key, p.Value))
            && (selector.MatchExpressions ?? []).All(e => Matches(e.Key, e.OperatorProperty, e.Values, labels));
    }

    /// <summary>The plain map form that Services and nodeSelector use.</summary>
    public static bool Matches(IDictionary<string, string>? selector, IDictionary<string, string>? labels) =>
        selector is { Count: > 0 } && selector.All(p => Equals(labels, p.Key, p.Value));

    /// <summary>NotIn and DoesNotExist also match where the key is absent. Gt and Lt exist for node selectors only.</summary>
    public static bool Matches(string key, string @operator, IList<string>? values, IDictionary<string, string>? labels)
    {
        string? value = null;
        var present = labels is not null && labels.TryGetValue(key, out value);
        return @operator switch
        {
            "In" => present && values?.Contains(value!) == true,
            "NotIn" => !present || values?.Contains(value!) != true,
            "Exists" => present,
            "DoesNotExist" => !present,
            "Gt" => Compare(value, values) > 0,
            "Lt" => Compare(value, values) < 0,
            _ => false,
        };
    }

    private static int Compare(string? value, IList<string>? values) =>
        values is [var bound] && long.TryParse(value, out var left) && long.TryParse(bound, out var right) ? left.CompareTo(right) : 0;

    private static bool Equals(IDictionary<string, string>? labels, string key, string value) =>
        labels is not null && labels.TryGetValue(key, out var found) && found == value;
}
