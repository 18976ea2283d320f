using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;

namespace Trunkline.ApiServer.OpenApi;

/// <summary>Writes the paths of a kind. Clients read from them which parameters an operation takes (kubectl looks for fieldValidation before it creates).</summary>
internal static class PathWriter
{
    private static readonly string[] s_writing = ["dryRun", "fieldManager", "fieldValidation"];
    private static readonly string[] s_deleting = ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"];

    private static readonly string[] s_listing =
    [
        "allowWatchBookmarks", "continue", "fieldSelector", "labelSelector", "limit", "resourceVersion", "resourceVersionMatch", "sendInitialEvents",
        "timeoutSeconds", "watch",
    ];

    private static readonly HashSet<string> s_whole = ["gracePeriodSeconds", "limit", "timeoutSeconds"];
    private static readonly HashSet<string> s_flags = ["allowWatchBookmarks", "orphanDependents", "sendInitialEvents", "watch"];

    /// <summary>Adds the paths of a kind, its objects' schema being <paramref name="schema"/>.</summary>
    public static void Add(JsonObject paths, ResourceKind kind, string schema)
    {
        var root = kind.Group.Length == 0 ? $"/api/{kind.Version}" : $"/apis/{kind.Group}/{kind.Version}";
        var collection = kind.Namespaced ? $"{root}/namespaces/{{namespace}}/{kind.Plural}" : $"{root}/{kind.Plural}";
        paths[collection] = Collection(kind, schema);
        if (kind.Has("get"))
        {
            paths[$"{collection}/{{name}}"] = Item(kind, schema);
        }
    }

    private static JsonObject Collection(ResourceKind kind, string schema)
    {
        var path = new JsonObject();
        AddIf(path, kind, "list", "get", "list", s_listing, schema);
        AddIf(path, kind, "create", "post", "post", s_writing, schema);
        AddIf(path, kind, "deletecollection", "delete", "deletecollection", [.. s_deleting, .. s_listing], schema);
        path["parameters"] = Parameters(kind, withName: false);
        return path;
    }

    private static JsonObject Item(ResourceKind kind, string schema)
    {
        var path = new JsonObject();
        AddIf(path, kind, "get", "get", "get", [], schema);
        AddIf(path, kind, "update", "put", "put", s_writing, schema);
        AddIf(path, kind, "patch", "patch", "patch", [.. s_writing, "force"], schema);
        AddIf(path, kind, "delete", "delete", "delete", s_deleting, schema);
        path["parameters"] = Parameters(kind, withName: true);
        return path;
    }

    private static void AddIf(JsonObject path, ResourceKind kind, string verb, string method, string action, IEnumerable<string> parameters, string schema)
    {
        if (!kind.Has(verb))
        {
            return;
        }

        var operation = new JsonObject
        {
            ["tags"] = new JsonArray($"{(kind.Group.Length == 0 ? "core" : kind.Group.Split('.')[0])}_{kind.Version}"),
            ["operationId"] = $"{verb}{char.ToUpperInvariant(kind.Version[0])}{kind.Version[1..]}{(kind.Namespaced ? "Namespaced" : "")}{kind.Kind}",
            ["parameters"] = new JsonArray([.. parameters.Select(Query)]),
        };
        if (method is "post" or "put" or "patch")
        {
            operation["requestBody"] = new JsonObject { ["content"] = Contents(kind, method, schema) };
        }

        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "OK", ["content"] = new JsonObject { ["application/json"] = Media(schema) } },
            ["401"] = new JsonObject { ["description"] = "Unauthorized" },
        };
        operation["x-kubernetes-action"] = action;
        operation["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind };
        path[method] = operation;
    }

    private static JsonObject Contents(ResourceKind kind, string method, string schema)
    {
        if (method != "patch")
        {
            return new JsonObject { ["*/*"] = Media(schema) };
        }

        string[] types = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"];
        return new JsonObject(types.Concat(kind.IsCustom ? [] : ["application/strategic-merge-patch+json"])
            .Select(type => KeyValuePair.Create(type, (JsonNode?)new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } })));
    }

    private static JsonObject Media(string schema) => new() { ["schema"] = SchemaWriter.Reference(schema) };

    private static JsonObject Query(string name) => new()
    {
        ["name"] = name,
        ["in"] = "query",
        ["schema"] = new JsonObject { ["type"] = s_whole.Contains(name) ? "integer" : s_flags.Contains(name) || name == "force" ? "boolean" : "string", ["uniqueItems"] = true },
    };

    private static JsonArray Parameters(ResourceKind kind, bool withName)
    {
        var names = new List<string>();
        if (withName)
        {
            names.Add("name");
        }

        if (kind.Namespaced)
        {
            names.Add("namespace");
        }

        return
        [
            .. names.Select(name => new JsonObject
            {
                ["name"] = name,
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true },
            }),
            Query("pretty"),
        ];
    }
}
