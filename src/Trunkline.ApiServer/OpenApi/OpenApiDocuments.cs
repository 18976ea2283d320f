using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;

namespace Trunkline.ApiServer.OpenApi;

/// <summary>The OpenAPI v3 documents of all groups, each made when it is first asked for.</summary>
public sealed class OpenApiDocuments
{
    private readonly ConcurrentDictionary<string, Lazy<byte[]>> _documents = new(StringComparer.Ordinal);
    private readonly Lazy<ModelDocumentation> _documentation = new(ModelDocumentation.Load);

    /// <summary>The answer to <c>/openapi/v3</c>. The hashes tell clients when to ask again; they change with the server's build.</summary>
    public static JsonObject Index() => new()
    {
        ["paths"] = new JsonObject(Groups().Select(path => KeyValuePair.Create(
            path, (JsonNode?)new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={Hash(path)}" }))),
    };

    /// <summary>The document of <c>api/v1</c> or <c>apis/GROUP/VERSION</c>; null for one that is not served.</summary>
    public byte[]? Document(string path) =>
        Groups().Contains(path) ? _documents.GetOrAdd(path, p => new Lazy<byte[]>(() => Build(p))).Value : null;

    private static IEnumerable<string> Groups() => KindCatalog.All.Select(PathOf).Distinct();

    private static string PathOf(ResourceKind kind) => kind.Group.Length == 0 ? $"api/{kind.Version}" : $"apis/{kind.Group}/{kind.Version}";

    private static string Hash(string path)
    {
        var build = typeof(OpenApiDocuments).Assembly.ManifestModule.ModuleVersionId;
        return Convert.ToHexString(SHA256.HashData([.. build.ToByteArray(), .. System.Text.Encoding.UTF8.GetBytes(path)]));
    }

    private byte[] Build(string path)
    {
        var kinds = KindCatalog.All.Where(kind => PathOf(kind) == path).ToList();
        var schemas = new SchemaWriter(_documentation.Value, kinds[0].Group, kinds[0].Version);
        var paths = new JsonObject();
        foreach (var kind in kinds)
        {
            PathWriter.Add(paths, kind, schemas.Add(kind));
        }

        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "unversioned" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.Schemas },
        });
    }
}
