using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Metadata;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Selectors;

/// <summary>metav1.LabelSelector (apimachinery meta/v1/validation).</summary>
internal static class LabelSelectorRules
{
    public static void LabelSelector(this FieldErrors errors, string path, JsonObject? selector)
    {
        if (selector is null)
        {
            return;
        }

        errors.Labels(path + ".matchLabels", selector.Map("matchLabels"));
        var index = 0;
        foreach (var requirement in selector.Objects("matchExpressions"))
        {
            Requirement(errors, $"{path}.matchExpressions[{index++}]", requirement);
        }
    }

    /// <summary>A selector that must choose something (workloads, PodDisruptionBudgets may be laxer).</summary>
    public static bool IsEmpty(JsonObject? selector) => selector is null || (!selector.Map("matchLabels").Any() && selector.List("matchExpressions").Count == 0);

    /// <summary>As Go's <c>%#v</c>.</summary>
    public static Go.Literal Print(JsonObject? selector)
    {
        var expressions = selector.Objects("matchExpressions").Select(e =>
            $"v1.LabelSelectorRequirement{{Key:{Go.Quote(e.Text("key"))}, Operator:{Go.Quote(e.Text("operator"))}, Values:{(e.List("values").Count == 0 ? "[]string(nil)" : Go.Slice("string", e.Texts("values")).Text)}}}").ToList();
        var list = expressions.Count == 0 ? "[]v1.LabelSelectorRequirement(nil)" : $"[]v1.LabelSelectorRequirement{{{string.Join(", ", expressions)}}}";
        return new($"v1.LabelSelector{{MatchLabels:{Go.Map(selector.Obj("matchLabels")).Text}, MatchExpressions:{list}}}");
    }

    private static void Requirement(FieldErrors errors, string path, JsonObject requirement)
    {
        var operation = requirement.Text("operator");
        var values = requirement.Texts("values").ToList();
        switch (operation)
        {
            case "In" or "NotIn" when values.Count == 0:
                errors.Required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist" when values.Count > 0:
                errors.Forbidden(path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist":
                break;
            default:
                errors.Invalid(path + ".operator", operation, "not a valid selector operator");
                break;
        }

        errors.Invalid(path + ".key", requirement.Text("key"), NameRules.QualifiedName(requirement.Text("key")));
        for (var i = 0; i < values.Count; i++)
        {
            errors.Invalid($"{path}.values[{i}]", values[i], NameRules.LabelValue(values[i]));
        }
    }
}
