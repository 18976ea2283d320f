using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Scheduling;

/// <summary>spec.nodeSelector and node affinity: terms are ORed, requirements in a term ANDed, an empty term matches nothing.</summary>
internal static class NodeAffinity
{
    public static bool Required(V1PodSpec spec, V1Node node)
    {
        if (spec.NodeSelector is { Count: > 0 } plain && !LabelSelection.Matches(plain, node.Metadata.Labels))
        {
            return false;
        }

        var required = spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution;
        return required is null || required.NodeSelectorTerms.Any(t => Matches(t, node));
    }

    public static int PreferredWeight(V1PodSpec spec, V1Node node) =>
        (spec.Affinity?.NodeAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? []).Where(p => Matches(p.Preference, node)).Sum(p => p.Weight);

    private static bool Matches(V1NodeSelectorTerm term, V1Node node)
    {
        var labels = term.MatchExpressions ?? [];
        var fields = term.MatchFields ?? [];
        if (labels.Count + fields.Count == 0)
        {
            return false;
        }

        // metadata.name is the only field there is.
        var named = new Dictionary<string, string> { ["metadata.name"] = node.Metadata.Name };
        return labels.All(e => LabelSelection.Matches(e.Key, e.OperatorProperty, e.Values, node.Metadata.Labels))
            && fields.All(e => LabelSelection.Matches(e.Key, e.OperatorProperty, e.Values, named));
    }
}
