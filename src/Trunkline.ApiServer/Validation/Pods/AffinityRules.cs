using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;
using Trunkline.ApiServer.Validation.Selectors;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>Which nodes and neighbours a Pod wants (core/validation, validateAffinity).</summary>
internal static class AffinityRules
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public static void Affinity(this FieldErrors errors, string path, JsonObject? affinity)
    {
        if (affinity is null)
        {
            return;
        }

        Nodes(errors, path + ".nodeAffinity", affinity.Obj("nodeAffinity"));
        Pods(errors, path + ".podAffinity", affinity.Obj("podAffinity"));
        Pods(errors, path + ".podAntiAffinity", affinity.Obj("podAntiAffinity"));
    }

    private static void Nodes(FieldErrors errors, string path, JsonObject? affinity)
    {
        if (affinity.Obj(Required) is { } required)
        {
            var at = $"{path}.{Required}.nodeSelectorTerms";
            if (required.List("nodeSelectorTerms").Count == 0)
            {
                errors.Required(at, "must have at least one node selector term");
            }

            Each(required, "nodeSelectorTerms", (i, term) => Term(errors, $"{at}[{i}]", term));
        }

        Each(affinity, Preferred, (i, term) =>
        {
            Weight(errors, $"{path}.{Preferred}[{i}]", term);
            Term(errors, $"{path}.{Preferred}[{i}].preference", term.Obj("preference"));
        });
    }

    private static void Term(FieldErrors errors, string path, JsonObject? term)
    {
        Each(term, "matchExpressions", (i, e) => Requirement(errors, $"{path}.matchExpressions[{i}]", e));
        Each(term, "matchFields", (i, e) => FieldRequirement(errors, $"{path}.matchFields[{i}]", e));
    }

    private static void Requirement(FieldErrors errors, string path, JsonObject requirement)
    {
        var (operation, count) = (requirement.Text("operator"), requirement.List("values").Count);
        switch (operation)
        {
            case "In" or "NotIn" when count == 0:
                errors.Required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist" when count > 0:
                errors.Forbidden(path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "Gt" or "Lt" when count != 1:
                errors.Required(path + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist" or "Gt" or "Lt":
                break;
            default:
                errors.Invalid(path + ".operator", operation, "not a valid selector operator");
                break;
        }

        errors.Invalid(path + ".key", requirement.Text("key"), NameRules.QualifiedName(requirement.Text("key")));
    }

    private static void FieldRequirement(FieldErrors errors, string path, JsonObject requirement)
    {
        var operation = requirement.Text("operator");
        if (operation is not ("In" or "NotIn"))
        {
            errors.Invalid(path + ".operator", operation, "not a valid selector operator");
        }
        else if (requirement.List("values").Count != 1)
        {
            errors.Required(path + ".values", "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }

        if (requirement.Text("key") is var key && key != "metadata.name")
        {
            errors.Invalid(path + ".key", key, "not a valid field selector key");
        }
    }

    private static void Pods(FieldErrors errors, string path, JsonObject? affinity)
    {
        Each(affinity, Required, (i, term) => PodTerm(errors, $"{path}.{Required}[{i}]", term));
        Each(affinity, Preferred, (i, term) =>
        {
            Weight(errors, $"{path}.{Preferred}[{i}]", term);
            PodTerm(errors, $"{path}.{Preferred}[{i}].podAffinityTerm", term.Obj("podAffinityTerm"));
        });
    }

    private static void PodTerm(FieldErrors errors, string path, JsonObject? term)
    {
        errors.LabelSelector(path + ".labelSelector", term.Obj("labelSelector"));
        errors.LabelSelector(path + ".namespaceSelector", term.Obj("namespaceSelector"));
        foreach (var name in term.Texts("namespaces"))
        {
            errors.Invalid(path + ".namespace", name, NameRules.Dns1123Label(name));
        }

        TopologyKey(errors, path, term.Text("topologyKey"));
    }

    /// <summary>The label by which nodes are grouped.</summary>
    public static void TopologyKey(FieldErrors errors, string path, string key)
    {
        if (key.Length == 0)
        {
            errors.Required(path + ".topologyKey", "can not be empty");
        }

        errors.Invalid(path + ".topologyKey", key, NameRules.QualifiedName(key));
    }

    private static void Weight(FieldErrors errors, string path, JsonObject term)
    {
        var weight = term.Int("weight") ?? 0;
        if (weight is < 1 or > 100)
        {
            errors.Invalid(path + ".weight", weight, "must be in the range 1-100");
        }
    }

    private static void Each(JsonObject? owner, string list, Action<int, JsonObject> check)
    {
        var i = 0;
        foreach (var item in owner.Objects(list))
        {
            check(i++, item);
        }
    }
}
