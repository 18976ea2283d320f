using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Tests.Support;

/// <summary>Cases kept as folders: a cluster's objects, and beside them what is said of it. TRUNKLINE_ACCEPT=DIR writes what is said now into the project at DIR, to be read before it is kept.</summary>
internal static class CaseFolders
{
    public static IEnumerable<string> Names(string concept) => Directory.EnumerateDirectories(Folder(concept)).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal);

    public static Task<ClusterObjects> ObjectsAsync(string concept, string name, CancellationToken cancel) => ArchiveObjects.ReadAsync(Path.Join(Folder(concept), name), null, cancel);

    public static string Expected(string concept, string name, string file, string actual)
    {
        if (Environment.GetEnvironmentVariable("TRUNKLINE_ACCEPT") is { Length: > 0 } project)
        {
            File.WriteAllText(Path.Join(project, concept, "Cases", name, file), actual);
        }

        var path = Path.Join(Folder(concept), name, file);
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    /// <summary>The roles that a case asks for.</summary>
    public static IReadOnlyList<string> Roles(string concept, string name) =>
        Path.Join(Folder(concept), name, "roles") is var file && File.Exists(file) ? File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>A cluster's objects and more.</summary>
    public static ClusterObjects With(ClusterObjects objects, IEnumerable<JsonObject> more) => new(
        [
            .. from item in more
               let kind = ResourceKinds.Of(item["apiVersion"]!.GetValue<string>(), item["kind"]!.GetValue<string>())
               where kind is not null
               select new ClusterObject(kind, item["metadata"].Field("namespace").AsText(), item["metadata"]!["name"]!.GetValue<string>(), item),
            .. ResourceKinds.All.SelectMany(objects.Of),
        ],
        [],
        objects.Source);

    private static string Folder(string concept) => Path.Join(AppContext.BaseDirectory, concept, "Cases");
}
