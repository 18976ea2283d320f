using System.Text.Json.Nodes;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Security;

/// <summary>What stored Roles, ClusterRoles and their bindings grant (rbac.authorization.k8s.io/v1).</summary>
internal static class RbacRules
{
    private const string Group = ".rbac.authorization.k8s.io";

    public static bool Allow(Snapshot state, UserInfo user, AccessRequest request) =>
        state.List("clusterrolebindings" + Group, null).Any(b => Grants(state, b, user, request, ""))
        || (request.Namespace.Length > 0 && state.List("rolebindings" + Group, request.Namespace).Any(b => Grants(state, b, user, request, request.Namespace)));

    private static bool Grants(Snapshot state, StoredObject stored, UserInfo user, AccessRequest request, string ns)
    {
        var binding = stored.Parse();
        if (binding["subjects"] is not JsonArray subjects || !subjects.OfType<JsonObject>().Any(s => Names(s, user)))
        {
            return false;
        }

        var name = (string?)binding["roleRef"]?["name"] ?? "";
        var key = (string?)binding["roleRef"]?["kind"] == "Role" ? new ObjectKey("roles" + Group, ns, name) : new ObjectKey("clusterroles" + Group, "", name);
        return state.Get(key)?.Parse()["rules"] is JsonArray rules && rules.OfType<JsonObject>().Any(r => Covers(r, request));
    }

    private static bool Names(JsonObject subject, UserInfo user)
    {
        var name = (string?)subject["name"] ?? "";
        return (string?)subject["kind"] switch
        {
            "User" => name == user.Name,
            "Group" => user.IsIn(name),
            "ServiceAccount" => user.Name == $"system:serviceaccount:{(string?)subject["namespace"]}:{name}",
            _ => false,
        };
    }

    private static bool Covers(JsonObject rule, AccessRequest request) =>
        Has(rule, "verbs", request.Verb)
        && Has(rule, "apiGroups", request.Group)
        && (Has(rule, "resources", request.FullResource) || (request.Subresource.Length > 0 && Has(rule, "resources", "*/" + request.Subresource)))
        && (rule["resourceNames"] is not JsonArray { Count: > 0 } names || names.Any(n => (string?)n == request.Name));

    private static bool Has(JsonObject rule, string field, string value) =>
        rule[field] is JsonArray values && values.Any(v => (string?)v is { } text && (text == value || text == "*"));
}
