using System.Text.Json.Nodes;

namespace Trunkline.Operations.Access;

/// <summary>Writes rights as the objects that grant them: one ClusterRole, and a Role for each namespace that needs one. Pure.</summary>
public static class RoleManifests
{
    /// <summary>The objects for a command.</summary>
    /// <param name="command">The command, such as <c>enable</c>.</param>
    /// <param name="subject">Who is to have them (<c>user:NAME</c>, <c>group:NAME</c> or <c>serviceaccount:NAMESPACE:NAME</c>), for bindings; null for none.</param>
    /// <exception cref="FormatException">The subject is none of these.</exception>
    public static IReadOnlyList<JsonObject> For(string command, string? subject)
    {
        var name = $"trunkline-{command}";
        var bound = subject is null ? null : Subject(subject);
        var all = new List<JsonObject>();
        foreach (var group in AccessRules.Of(command).GroupBy(rule => rule.Namespace).OrderBy(group => group.Key is not null).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            // A Role cannot be written where its namespace is not there yet.
            if (group.Key == Enable.LoaderManifests.Namespace)
            {
                all.Add(Enable.LoaderManifests.NamespaceObject());
            }

            all.Add(Role(name, group.Key, group));
            if (bound is not null)
            {
                all.Add(Binding(name, group.Key, bound));
            }
        }

        return all;
    }

    private static JsonObject Role(string name, string? ns, IEnumerable<AccessRule> rules) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = ns is null ? "ClusterRole" : "Role",
        ["metadata"] = Metadata(name, ns),
        ["rules"] = new JsonArray([.. from rule in rules
                                      group rule by (rule.Kind.Group, Verbs: string.Join(' ', rule.Verbs), Names: string.Join(' ', rule.Names ?? [])) into same
                                      select (JsonNode)Rule(same.Key.Group, [.. same.Select(rule => rule.Resource).Distinct(StringComparer.Ordinal)], same.First())]),
    };

    private static JsonObject Rule(string group, IReadOnlyList<string> resources, AccessRule rule)
    {
        var written = new JsonObject { ["apiGroups"] = Texts([group]), ["resources"] = Texts(resources), ["verbs"] = Texts(rule.Verbs) };
        if (rule.Names is { Count: > 0 } names)
        {
            written["resourceNames"] = Texts(names);
        }

        return written;
    }

    private static JsonObject Binding(string name, string? ns, JsonObject subject) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = ns is null ? "ClusterRoleBinding" : "RoleBinding",
        ["metadata"] = Metadata(name, ns),
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = ns is null ? "ClusterRole" : "Role", ["name"] = name },
        ["subjects"] = new JsonArray(subject.DeepClone()),
    };

    private static JsonObject Subject(string text) => text.Split(':', 3) switch
    {
        ["serviceaccount", { Length: > 0 } ns, { Length: > 0 } name] => new JsonObject { ["kind"] = "ServiceAccount", ["name"] = name, ["namespace"] = ns },
        ["user", _, ..] when text.Length > 5 => new JsonObject { ["kind"] = "User", ["apiGroup"] = "rbac.authorization.k8s.io", ["name"] = text[5..] },
        ["group", _, ..] when text.Length > 6 => new JsonObject { ["kind"] = "Group", ["apiGroup"] = "rbac.authorization.k8s.io", ["name"] = text[6..] },
        _ => throw new FormatException($"--to is user:NAME, group:NAME or serviceaccount:NAMESPACE:NAME, not \"{text}\"."),
    };

    private static JsonObject Metadata(string name, string? ns)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
        {
            metadata["namespace"] = ns;
        }

        return metadata;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
