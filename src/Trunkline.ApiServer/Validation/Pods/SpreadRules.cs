using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;
using Trunkline.ApiServer.Validation.Selectors;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>How Pods are to be spread (core/validation, validateTopologySpreadConstraints), and what must happen before they are scheduled at all.</summary>
internal static class SpreadRules
{
    private static readonly string[] Actions = ["DoNotSchedule", "ScheduleAnyway"];
    private static readonly string[] Policies = ["Honor", "Ignore"];

    public static void TopologySpread(this FieldErrors errors, string path, IEnumerable<JsonObject> constraints)
    {
        var seen = new HashSet<(string, string)>();
        var i = 0;
        foreach (var constraint in constraints)
        {
            var at = $"{path}[{i++}]";
            Constraint(errors, at, constraint);
            var (key, action) = (constraint.Text("topologyKey"), constraint.Text("whenUnsatisfiable"));
            if (!seen.Add((key, action)))
            {
                errors.Duplicate(at + ".{topologyKey, whenUnsatisfiable}", $"{{{key}, {action}}}");
            }
        }
    }

    public static void SchedulingGates(this FieldErrors errors, string path, JsonObject? spec)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var i = 0;
        foreach (var gate in spec.Objects("schedulingGates"))
        {
            var name = gate.Text("name");
            errors.Invalid($"{path}.schedulingGates[{i}]", name, NameRules.QualifiedName(name));
            if (!seen.Add(name))
            {
                errors.Duplicate($"{path}.schedulingGates[{i}]", name);
            }

            i++;
        }

        i = 0;
        foreach (var gate in spec.Objects("readinessGates"))
        {
            errors.Invalid($"{path}.readinessGates[{i++}].conditionType", gate.Text("conditionType"), NameRules.QualifiedName(gate.Text("conditionType")));
        }
    }

    private static void Constraint(FieldErrors errors, string path, JsonObject constraint)
    {
        var skew = constraint.Int("maxSkew") ?? 0;
        if (skew <= 0)
        {
            errors.Invalid(path + ".maxSkew", skew, "must be greater than zero");
        }

        AffinityRules.TopologyKey(errors, path, constraint.Text("topologyKey"));
        var action = constraint.Text("whenUnsatisfiable");
        if (!Actions.Contains(action))
        {
            errors.NotSupported(path + ".whenUnsatisfiable", action, Actions);
        }

        MinDomains(errors, path + ".minDomains", constraint.Int("minDomains"), action);
        foreach (var field in (string[])["nodeAffinityPolicy", "nodeTaintsPolicy"])
        {
            if (constraint.Str(field) is { } policy && !Policies.Contains(policy))
            {
                errors.NotSupported($"{path}.{field}", policy, Policies);
            }
        }

        LabelKeys(errors, path + ".matchLabelKeys", constraint);
        errors.LabelSelector(path + ".labelSelector", constraint.Obj("labelSelector"));
    }

    private static void MinDomains(FieldErrors errors, string path, long? least, string action)
    {
        if (least <= 0)
        {
            errors.Invalid(path, least, "must be greater than zero");
        }

        if (least is not null && action != "DoNotSchedule")
        {
            errors.Invalid(path, least, $"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
        }
    }

    private static void LabelKeys(FieldErrors errors, string path, JsonObject constraint)
    {
        var keys = constraint.Texts("matchLabelKeys").ToList();
        var selector = constraint.Obj("labelSelector");
        if (keys.Count > 0 && selector is null)
        {
            errors.Forbidden(path, "must not be specified when labelSelector is not set");
            return;
        }

        var chosen = selector.Map("matchLabels").Select(p => p.Key).Concat(selector.Objects("matchExpressions").Select(e => e.Text("key"))).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < keys.Count; i++)
        {
            errors.Invalid($"{path}[{i}]", keys[i], NameRules.QualifiedName(keys[i]));
            if (chosen.Contains(keys[i]))
            {
                errors.Invalid($"{path}[{i}]", keys[i], "exists in both matchLabelKeys and labelSelector");
            }
        }
    }
}
