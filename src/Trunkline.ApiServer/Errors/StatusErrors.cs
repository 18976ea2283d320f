using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Errors;

/// <summary>The words of k8s.io/apimachinery api/errors.</summary>
public static class StatusErrors
{
    /// <summary>The message of generic statuses such as an unknown path.</summary>
    public const string UnknownResource = "the server could not find the requested resource";

    public static ApiStatusException NotFound(ResourceKind kind, string name) =>
        new(404, "NotFound", $"{kind.QualifiedResource} \"{name}\" not found", Details(kind, name, kind.Plural));

    public static ApiStatusException AlreadyExists(ResourceKind kind, string name) =>
        new(409, "AlreadyExists", $"{kind.QualifiedResource} \"{name}\" already exists", Details(kind, name, kind.Plural));

    public static ApiStatusException Conflict(ResourceKind kind, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {kind.QualifiedResource} \"{name}\": {why}", Details(kind, name, kind.Plural));

    /// <summary>A conflict that names the kind where one expects the resource, as failed preconditions of a deletion do.</summary>
    public static ApiStatusException ConflictOfKind(ResourceKind kind, string name, string why)
    {
        var group = InternalGroup(kind);
        var details = new JsonObject();
        Put(details, "name", name);
        Put(details, "group", group);
        Put(details, "kind", kind.Kind);
        return new(409, "Conflict", $"Operation cannot be fulfilled on {(group.Length == 0 ? kind.Kind : kind.Kind + "." + group)} \"{name}\": {why}", details);
    }

    public static ApiStatusException Modified(ResourceKind kind, string name) =>
        Conflict(kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiStatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiStatusException Forbidden(ResourceKind kind, string name, string why) => new(
        403,
        "Forbidden",
        name.Length == 0 ? $"{kind.QualifiedResource} is forbidden: {why}" : $"{kind.QualifiedResource} \"{name}\" is forbidden: {why}",
        Details(kind, name, kind.Plural));

    /// <summary>422 with a cause for each complaint. NetworkPolicy reports the group <c>extensions</c>, as the real server does.</summary>
    public static ApiStatusException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var details = new JsonObject();
        Put(details, "name", name);
        Put(details, "group", group);
        Put(details, "kind", kind);
        details["causes"] = new JsonArray([.. errors.Select(e => (JsonNode)new JsonObject { ["reason"] = e.Reason, ["message"] = e.Message, ["field"] = e.Field })]);
        var texts = errors.Select(e => $"{e.Field}: {e.Message}").Distinct(StringComparer.Ordinal).ToList();
        var body = texts.Count == 1 ? texts[0] : "[" + string.Join(", ", texts) + "]";
        return new ApiStatusException(422, "Invalid", $"{(group.Length == 0 ? kind : kind + "." + group)} \"{name}\" is invalid: {body}", details);
    }

    public static ApiStatusException Invalid(ResourceKind kind, string name, IReadOnlyList<FieldError> errors) =>
        Invalid(InternalGroup(kind), kind.Kind, name, errors);

    /// <summary>A malformed patch: the real server keeps to itself what is wrong with it.</summary>
    public static ApiStatusException PatchRefused() => new(422, "Invalid", "the server rejected our request due to an error in our request", []);

    public static ApiStatusException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiStatusException Gone(string message) => new(410, "Expired", message);

    // The group under which the real server first registered the kind.
    private static string InternalGroup(ResourceKind kind) => kind is { Kind: "NetworkPolicy", Group: "networking.k8s.io" } ? "extensions" : kind.Group;

    private static JsonObject Details(ResourceKind kind, string name, string resource)
    {
        var details = new JsonObject();
        Put(details, "name", name);
        Put(details, "group", kind.Group);
        Put(details, "kind", resource);
        return details;
    }

    private static void Put(JsonObject target, string name, string value)
    {
        if (value.Length > 0)
        {
            target[name] = value;
        }
    }
}
