using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Objects;

/// <summary>Label selectors of objects that come from elsewhere.</summary>
public static class ObjectSelector
{
    /// <summary>Reads a selector; null where there is none, or one with an operator that Kubernetes does not have (it selects nothing).</summary>
    public static LabelSelector? Read(JsonNode? node)
    {
        if (node is not JsonObject)
        {
            return null;
        }

        var requirements = new List<SelectorRequirement>();
        foreach (var expression in node.Field("matchExpressions").Objects())
        {
            SelectorOperator? op = expression["operator"].AsText() switch
            {
                "In" => SelectorOperator.In,
                "NotIn" => SelectorOperator.NotIn,
                "Exists" => SelectorOperator.Exists,
                "DoesNotExist" => SelectorOperator.DoesNotExist,
                _ => null,
            };
            if (op is not { } known || expression["key"].AsText() is not { Length: > 0 } key)
            {
                return null;
            }

            requirements.Add(new SelectorRequirement(key, known, [.. (expression["values"] as JsonArray ?? []).Select(value => value.AsText()).OfType<string>()]));
        }

        return new LabelSelector { MatchLabels = Labels(node.Field("matchLabels")), MatchExpressions = requirements };
    }

    /// <summary>An object's labels.</summary>
    public static IReadOnlyDictionary<string, string> Labels(this ClusterObject item) => Labels(item.Document["metadata"].Field("labels"));

    private static Dictionary<string, string> Labels(JsonNode? labels) => (labels as JsonObject ?? [])
        .Where(label => label.Value.AsText() is not null).ToDictionary(label => label.Key, label => label.Value.AsText()!, StringComparer.Ordinal);
}
