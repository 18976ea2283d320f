using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Trunkline.ApiServer.Discovery;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.OpenApi;

namespace Trunkline.ApiServer.Hosting;

/// <summary>Paths that are no resources: health, version, discovery, OpenAPI.</summary>
internal sealed class PathHandlers(OpenApiDocuments documents, string serverAddress)
{
    private static readonly string[] FixedPaths =
        ["/api", "/api/v1", "/apis", "/apis/", "/healthz", "/livez", "/readyz", "/openapi/v3", "/openapi/v3/", "/version"];

    private static readonly string[] Checks = ["ping", "log", "etcd"];

    public Task HandleAsync(HttpContext context, RequestInfo info)
    {
        var parts = info.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (context.Request.Method is not ("GET" or "HEAD"))
        {
            return ResponseWriter.TextAsync(context, parts is ["api" or "apis" or "version" or "openapi", ..] ? 405 : 404, parts is ["api" or "apis", ..] ? "Method Not Allowed\n" : "404 page not found\n");
        }

        return parts switch
        {
            [] => JsonAsync(context, Root()),
            ["healthz" or "livez" or "readyz", ..] => HealthAsync(context, parts),
            ["version"] => JsonAsync(context, ServerVersion.Document()),
            ["api"] => DiscoveryAsync(context, true),
            ["apis"] => DiscoveryAsync(context, false),
            ["api", var version] => JsonAsync(context, LegacyDiscovery.Resources("", version)),
            ["apis", var group] => JsonAsync(context, LegacyDiscovery.Group(group)),
            ["apis", var group, var version] => JsonAsync(context, LegacyDiscovery.Resources(group, version)),
            ["api", var version, ..] => UnknownResourceAsync(context, info with { Group = "", Version = version }),
            ["apis", var group, var version, ..] => UnknownResourceAsync(context, info with { Group = group, Version = version }),
            ["openapi", "v2"] => throw Negotiation.NotAcceptable(),
            ["openapi", "v3"] => JsonAsync(context, OpenApiDocuments.Index()),
            ["openapi", "v3", ..] => OpenApiAsync(context, string.Join('/', parts[2..])),
            _ => NotFoundAsync(context),
        };
    }

    /// <summary>A resource that is not served: a Status where its group is, plain text where not even that.</summary>
    public static Task UnknownResourceAsync(HttpContext context, RequestInfo info) =>
        LegacyDiscovery.Resources(info.Group, info.Version) is null ? NotFoundAsync(context) : throw ApiRequest.NotFound();

    private static Task NotFoundAsync(HttpContext context) => ResponseWriter.TextAsync(context, 404, "404 page not found\n");

    private static Task JsonAsync(HttpContext context, JsonObject? document) => document is null
        ? NotFoundAsync(context)
        : ResponseWriter.WriteAsync(context, 200, document, Negotiation.Choose(context.Request.Headers.Accept));

    private Task OpenApiAsync(HttpContext context, string path)
    {
        if (documents.Document(path) is not { } document)
        {
            return NotFoundAsync(context);
        }

        // The address names the build by its hash, so the answer may be kept as long as anyone likes.
        context.Response.Headers.CacheControl = context.Request.Query.ContainsKey("hash") ? "public, immutable" : "no-cache, private";
        return ResponseWriter.BytesAsync(context, 200, "application/json", document);
    }

    private async Task DiscoveryAsync(HttpContext context, bool core)
    {
        context.Response.Headers.Vary = "Accept";
        if (AggregatedDiscovery.Version(context.Request.Headers.Accept.ToString()) is { } version)
        {
            context.Response.Headers.CacheControl = "public";
            byte[] body = [.. GoJson.ToBytes(AggregatedDiscovery.Document(version, core), ResponseWriter.IsPretty(context.Request)), (byte)'\n'];
            var tag = $"\"{Convert.ToHexString(System.Security.Cryptography.SHA512.HashData(body))}\"";
            context.Response.Headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch == tag)
            {
                context.Response.StatusCode = 304;
                return;
            }

            await ResponseWriter.BytesAsync(context, 200, AggregatedDiscovery.ContentType(version), body);
            return;
        }

        await JsonAsync(context, core ? LegacyDiscovery.Versions(serverAddress) : LegacyDiscovery.Groups());
    }

    private static Task HealthAsync(HttpContext context, string[] parts)
    {
        if (parts.Length > 1)
        {
            return Checks.Contains(string.Join('/', parts[1..])) ? ResponseWriter.TextAsync(context, 200, "ok") : NotFoundAsync(context);
        }

        return ResponseWriter.TextAsync(context, 200, context.Request.Query.ContainsKey("verbose")
            ? string.Concat(Checks.Select(c => $"[+]{c} ok\n")) + $"{parts[0]} check passed\n"
            : "ok");
    }

    private static JsonObject Root()
    {
        var groups = LegacyDiscovery.GroupNames().ToList();
        var versions = Kinds.KindCatalog.All.Where(k => k.Group.Length > 0).Select(k => $"/apis/{k.Group}/{k.Version}").Distinct(StringComparer.Ordinal);
        var paths = FixedPaths
            .Concat(groups.Select(g => "/apis/" + g)).Concat(versions).Concat(Checks.SelectMany(c => new[] { "/healthz/" + c, "/livez/" + c, "/readyz/" + c }));
        return new JsonObject { ["paths"] = LegacyDiscovery.Array(paths.Order(StringComparer.Ordinal)) };
    }
}
