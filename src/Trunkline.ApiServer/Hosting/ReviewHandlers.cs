using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Security;

namespace Trunkline.ApiServer.Hosting;

/// <summary>Questions about users and their rights: nothing is stored.</summary>
internal sealed class ReviewHandlers(Authenticator authenticator, Authorizer authorizer)
{
    public static bool Serves(ApiRequest request) => request.Kind.Group is "authentication.k8s.io" or "authorization.k8s.io";

    public async Task HandleAsync(ApiRequest request)
    {
        if (request.Info.Verb != "create")
        {
            throw StatusErrors.MethodNotAllowed();
        }

        var form = request.Representation();
        var write = request.Write("CreateOptions");
        var document = ObjectDecoder.Decode(write, await RequestBody.ReadAsync(request.Http.Request));
        var spec = document["spec"] as JsonObject ?? [];
        if (request.Kind.Kind.EndsWith("SubjectAccessReview", StringComparison.Ordinal) && (spec["resourceAttributes"] is null) == (spec["nonResourceAttributes"] is null))
        {
            throw StatusErrors.Invalid(request.Kind, "",
            [
                new("FieldValueInvalid", "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified", "spec.resourceAttributes"),
            ]);
        }

        document["status"] = request.Kind.Kind switch
        {
            "SelfSubjectReview" => new JsonObject { ["userInfo"] = Show(request.User) },
            "TokenReview" => Token(ObjectMetadata.Text(spec["token"])),
            "SelfSubjectAccessReview" => Access(request.User, spec, request.Info.Namespace),
            "SelfSubjectRulesReview" => Rules(request.User),
            _ => Access(Subject(spec), spec, request.Info.Namespace),
        };
        document = ObjectMetadata.Arranged(document, request.Kind.Kind, request.Kind.ApiVersion);
        document.Metadata()["creationTimestamp"] = null;
        ResponseWriter.AddWarnings(request.Http, write.Warnings);
        await ResponseWriter.WriteAsync(request.Http, 201, document, form with { Transform = "" });
    }

    public static JsonObject Show(UserInfo user)
    {
        var shown = new JsonObject { ["username"] = user.Name };
        if (user.Uid.Length > 0)
        {
            shown["uid"] = user.Uid;
        }

        shown["groups"] = new JsonArray([.. user.Groups.Select(g => (JsonNode)g)]);
        return shown;
    }

    private JsonObject Token(string token) => token.Length > 0 && authenticator.Token(token) is { } user
        ? new JsonObject { ["authenticated"] = true, ["user"] = Show(user) }
        : new JsonObject { ["user"] = new JsonObject(), ["error"] = "invalid bearer token" };

    private JsonObject Access(UserInfo user, JsonObject spec, string inNamespace)
    {
        var allowed = authorizer.Allows(user, AccessOf(spec, inNamespace));
        return new JsonObject { ["allowed"] = allowed };
    }

    private static AccessRequest AccessOf(JsonObject spec, string inNamespace)
    {
        if (spec["resourceAttributes"] is JsonObject resource)
        {
            var ns = ObjectMetadata.Text(resource["namespace"]);
            return new AccessRequest(
                ObjectMetadata.Text(resource["verb"]),
                ObjectMetadata.Text(resource["group"]),
                ObjectMetadata.Text(resource["resource"]),
                ObjectMetadata.Text(resource["subresource"]),
                ns.Length > 0 ? ns : inNamespace,
                ObjectMetadata.Text(resource["name"]));
        }

        return new AccessRequest(ObjectMetadata.Text(spec["nonResourceAttributes"]?["verb"]), "", "", "", "", "", ObjectMetadata.Text(spec["nonResourceAttributes"]?["path"]));
    }

    private static UserInfo Subject(JsonObject spec) => new(
        ObjectMetadata.Text(spec["user"]), [.. (spec["groups"] as JsonArray ?? []).Select(ObjectMetadata.Text)], ObjectMetadata.Text(spec["uid"]));

    private static JsonObject Rules(UserInfo user)
    {
        var everything = user.IsIn(UserInfo.Masters);
        JsonArray All() => new("*");
        return new JsonObject
        {
            ["resourceRules"] = everything ? new JsonArray(new JsonObject { ["verbs"] = All(), ["apiGroups"] = All(), ["resources"] = All() }) : [],
            ["nonResourceRules"] = everything ? new JsonArray(new JsonObject { ["verbs"] = All(), ["nonResourceURLs"] = All() }) : [],
            ["incomplete"] = !everything,
        };
    }
}
