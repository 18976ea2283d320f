using System.Text.Json;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Reading;

/// <summary>
/// From the <c>spec</c> of a policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy to the model. A newer API may hold what this program does not know, and validation
/// drops unknown fields, so an empty choice is an unknown one: the rule then fails closed (<see cref="ClusterPolicyRule.Unreadable"/>). A subject, tier or priority that
/// cannot be read makes the policy one about all Pods, asked first, in which Accept matches nothing and Pass denies.
/// </summary>
public static class ClusterPolicyReader
{
    public static ClusterNetworkPolicy Read(string name, JsonElement? spec)
    {
        PolicyTier? tier = spec.Field("tier").Text() switch { "Admin" => PolicyTier.Admin, "Baseline" => PolicyTier.Baseline, _ => null };
        var subject = Subject(spec.Field("subject"));
        var priority = spec.Field("priority").Number() is >= 0 and <= 1000 and var number ? number : (int?)null;
        var why = tier is null ? "its policy's tier is neither Admin nor Baseline"
            : priority is null ? "its policy's priority is not 0 to 1000"
            : subject is null ? "its policy's subject is of no known kind"
            : spec.HasOnly("tier", "priority", "subject", "ingress", "egress") ? null : "its policy has fields that are not known";
        return new ClusterNetworkPolicy(name)
        {
            Tier = why is null ? tier!.Value : PolicyTier.Admin,
            Priority = why is null ? priority!.Value : 0,
            Subject = why is null ? subject! : NamespacedPods.All,
            Ingress = Rules(spec.Field("ingress"), TrafficDirection.Ingress, why),
            Egress = Rules(spec.Field("egress"), TrafficDirection.Egress, why),
        };
    }

    // What is no list of rules may be any rule.
    private static IReadOnlyList<ClusterPolicyRule> Rules(JsonElement? list, TrafficDirection direction, string? why) => list.IsListOrAbsent()
        ? [.. list.Items().Select(rule => Closed(ClusterRuleReader.Read(rule, direction), why))]
        : [new ClusterPolicyRule(ClusterPolicyAction.Deny, [], []) { Unreadable = "its policy's rules are no list" }];

    private static ClusterPolicyRule Closed(ClusterPolicyRule rule, string? why) => why is null || rule.Unreadable is not null ? rule
        : rule.Action == ClusterPolicyAction.Accept ? rule with { Unreadable = why }
        : rule with { Action = ClusterPolicyAction.Deny };

    private static NamespacedPods? Subject(JsonElement? item) => item.FieldNames() is [var kind] ? ClusterRuleReader.Pods(item.Field(kind), kind) : null;
}
