using k8s.Models;

namespace Trunkline.Controllers.Client;

internal static class NodeFacts
{
    public static V1NodeCondition? Condition(this V1Node node, string type) => node.Status?.Conditions?.FirstOrDefault(c => c.Type == type);

    public static bool IsReady(this V1Node node) => node.Condition("Ready")?.Status == "True";

    public static bool IsUnschedulable(this V1Node node) => node.Spec?.Unschedulable == true;

    public static bool Same(this V1Taint left, V1Taint right) => left.Key == right.Key && left.Effect == right.Effect;

    /// <summary>core/v1 Toleration.ToleratesTaint: no key with Exists is every key; no effect is every effect; no operator is Equal.</summary>
    public static bool Tolerates(this V1Toleration toleration, V1Taint taint)
    {
        if (!string.IsNullOrEmpty(toleration.Effect) && toleration.Effect != taint.Effect)
        {
            return false;
        }

        if (!string.IsNullOrEmpty(toleration.Key) && toleration.Key != taint.Key)
        {
            return false;
        }

        return toleration.OperatorProperty switch
        {
            "Exists" => true,
            _ => (toleration.Value ?? "") == (taint.Value ?? ""),
        };
    }

    public static bool ToleratedBy(this V1Taint taint, IEnumerable<V1Toleration>? tolerations) => tolerations?.Any(t => t.Tolerates(taint)) == true;
}
