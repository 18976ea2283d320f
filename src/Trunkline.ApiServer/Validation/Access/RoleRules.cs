using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Access;

/// <summary>Roles and their bindings (rbac/validation).</summary>
internal static class RoleRules
{
    private const string Group = "rbac.authorization.k8s.io";

    public static void Role(FieldErrors errors, JsonObject role) => Rules(errors, role, namespaced: true);

    public static void ClusterRole(FieldErrors errors, JsonObject role) => Rules(errors, role, namespaced: false);

    public static void RoleBinding(FieldErrors errors, JsonObject binding) => Binding(errors, binding, "Role", "ClusterRole");

    public static void ClusterRoleBinding(FieldErrors errors, JsonObject binding) => Binding(errors, binding, "ClusterRole");

    public static void BindingDefaults(JsonObject binding)
    {
        var reference = binding.Child("roleRef");
        if (reference.Text("apiGroup").Length == 0)
        {
            reference["apiGroup"] = Group;
        }

        foreach (var subject in binding.Objects("subjects").Where(s => s.Text("kind") is "User" or "Group"))
        {
            subject.Default("apiGroup", Group);
        }
    }

    public static void BindingChange(FieldErrors errors, JsonObject binding, JsonObject old)
    {
        var reference = binding.Obj("roleRef");
        if (!NodeReader.Same(reference, old.Obj("roleRef")))
        {
            errors.Invalid("roleRef", new Go.Literal($"rbac.RoleRef{{APIGroup:{Go.Quote(reference.Text("apiGroup"))}, Kind:{Go.Quote(reference.Text("kind"))}, Name:{Go.Quote(reference.Text("name"))}}}"), "cannot change roleRef");
        }
    }

    private static void Rules(FieldErrors errors, JsonObject role, bool namespaced)
    {
        var i = 0;
        foreach (var rule in role.Objects("rules"))
        {
            Rule(errors, $"rules[{i++}]", rule, namespaced);
        }
    }

    private static void Rule(FieldErrors errors, string path, JsonObject rule, bool namespaced)
    {
        if (rule.List("verbs").Count == 0)
        {
            errors.Required(path + ".verbs", "verbs must contain at least one value");
        }

        var urls = rule.Texts("nonResourceURLs").ToList();
        if (urls.Count > 0 && namespaced)
        {
            errors.Invalid(path + ".nonResourceURLs", Go.Slice("string", urls), "namespaced rules cannot apply to non-resource URLs");
        }
        else if (urls.Count > 0 && (rule.List("apiGroups").Count > 0 || rule.List("resources").Count > 0 || rule.List("resourceNames").Count > 0))
        {
            errors.Invalid(path + ".nonResourceURLs", Go.Slice("string", urls), "rules cannot apply to both regular resources and non-resource URLs");
        }
        else if (urls.Count == 0)
        {
            if (rule.List("apiGroups").Count == 0)
            {
                errors.Required(path + ".apiGroups", "resource rules must supply at least one api group");
            }

            if (rule.List("resources").Count == 0)
            {
                errors.Required(path + ".resources", "resource rules must supply at least one resource");
            }
        }
    }

    private static void Binding(FieldErrors errors, JsonObject binding, params string[] kinds)
    {
        var reference = binding.Obj("roleRef");
        if (reference.Text("apiGroup") != Group)
        {
            errors.NotSupported("roleRef.apiGroup", reference.Text("apiGroup"), Group);
        }

        if (!kinds.Contains(reference.Text("kind")))
        {
            errors.NotSupported("roleRef.kind", reference.Text("kind"), kinds);
        }

        if (reference.Text("name").Length == 0)
        {
            errors.Required("roleRef.name");
        }

        var i = 0;
        foreach (var subject in binding.Objects("subjects"))
        {
            Subject(errors, $"subjects[{i++}]", subject);
        }
    }

    private static void Subject(FieldErrors errors, string path, JsonObject subject)
    {
        if (subject.Text("name").Length == 0)
        {
            errors.Required(path + ".name");
        }

        switch (subject.Text("kind"))
        {
            case "ServiceAccount" when subject.Text("namespace").Length == 0:
                errors.Required(path + ".namespace");
                break;
            case "ServiceAccount" or "User" or "Group":
                break;
            default:
                errors.NotSupported(path + ".kind", subject.Text("kind"), "ServiceAccount", "User", "Group");
                break;
        }
    }
}
