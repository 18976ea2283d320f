using Microsoft.AspNetCore.Http;

namespace Trunkline.ApiServer.Http;

/// <summary>What a request asks for, read from its method, path and query as apiserver's RequestInfo does.</summary>
/// <param name="IsResource">Whether the path names a resource; the rest is empty otherwise.</param>
/// <param name="Group">API group, empty for core.</param>
/// <param name="Version">API version.</param>
/// <param name="Namespace">Namespace, empty for cluster scope or all namespaces.</param>
/// <param name="Resource">Plural name.</param>
/// <param name="Name">Object's name, empty for the collection.</param>
/// <param name="Subresource">Subresource, empty for the object itself.</param>
/// <param name="Verb">get, list, watch, create, update, patch, delete, deletecollection; for other paths the method in lower case.</param>
/// <param name="Path">The path.</param>
public sealed record RequestInfo(bool IsResource, string Group, string Version, string Namespace, string Resource, string Name, string Subresource, string Verb, string Path)
{
    public static RequestInfo Parse(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var other = new RequestInfo(false, "", "", "", "", "", "", request.Method.ToLowerInvariant(), path);
        var (group, skip) = parts switch
        {
            ["api", _, _, ..] => ("", 2),
            ["apis", _, _, _, ..] => (parts[1], 3),
            _ => (null, 0),
        };
        if (group is null)
        {
            return other;
        }

        return Objects(request, group, parts[skip - 1], parts[skip..], path) ?? other;
    }

    private static RequestInfo? Objects(HttpRequest request, string group, string version, string[] rest, string path)
    {
        var ns = "";
        var watch = QueryFlag.IsSet(request.Query["watch"]);
        if (rest is ["watch", _, ..])
        {
            watch = true;
            rest = rest[1..];
        }

        // namespaces/NS/RESOURCE…, but namespaces/NS/status and /finalize are the namespace's own subresources.
        if (rest is ["namespaces", _, _, ..] && rest[2] is not ("status" or "finalize"))
        {
            ns = rest[1];
            rest = rest[2..];
        }

        if (rest.Length is 0 or > 3)
        {
            return null;
        }

        var (resource, name, sub) = (rest[0], rest.Length > 1 ? rest[1] : "", rest.Length > 2 ? rest[2] : "");
        ns = resource == "namespaces" && group.Length == 0 ? name : ns;
        return new RequestInfo(true, group, version, ns, resource, name, sub, VerbOf(request.Method, name, watch), path);
    }

    private static string VerbOf(string method, string name, bool watch) => method switch
    {
        "GET" or "HEAD" when watch => "watch",
        "GET" or "HEAD" => name.Length > 0 ? "get" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => name.Length > 0 ? "delete" : "deletecollection",
        _ => method.ToLowerInvariant(),
    };
}
