using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Selectors;
using Trunkline.ApiServer.Validation.Workloads;

namespace Trunkline.ApiServer.Validation.Core;

/// <summary>PodDisruptionBudgets (policy/validation).</summary>
internal static class PodDisruptionBudgetRules
{
    public static void Validate(FieldErrors errors, JsonObject budget)
    {
        var spec = budget.Obj("spec");
        if (spec.Has("minAvailable") && spec.Has("maxUnavailable"))
        {
            errors.Invalid("spec", new Go.Literal(spec!.ToJsonString()), "minAvailable and maxUnavailable cannot be both set");
        }

        foreach (var field in (string[])["minAvailable", "maxUnavailable"])
        {
            if (spec.Has(field))
            {
                IntOrPercent.Validate(errors, "spec." + field, spec![field]);
            }
        }

        errors.LabelSelector("spec.selector", spec.Obj("selector"));
        if (spec.Str("unhealthyPodEvictionPolicy") is { } policy and not ("IfHealthyBudget" or "AlwaysAllow"))
        {
            errors.NotSupported("spec.unhealthyPodEvictionPolicy", policy, "AlwaysAllow", "IfHealthyBudget");
        }
    }
}
