using System.Text.Json.Nodes;
using Trunkline.Policy.Cases.Documents;

namespace Trunkline.Policy.Cases.Tables;

/// <summary>
/// A case folder: <c>input.yaml</c> and <c>expected.txt</c>, or several steps <c>1-input.yaml</c>, <c>1-expected.txt</c>, .... Each input holds all policies that are in
/// force at that step, beside the Pods of <c>Grid/cluster.yaml</c>; a Pod or Namespace in it stands in place of the one of that name, or is new.
/// </summary>
public sealed record GridCase(string Name, IReadOnlyList<GridStep> Steps)
{
    public static string Root => Path.Combine(AppContext.BaseDirectory, "Grid");

    /// <summary>Group and folder, for all cases under <paramref name="root"/>.</summary>
    public static IReadOnlyList<string> Names(string root) =>
    [
        .. Directory.GetDirectories(root).SelectMany(Directory.GetDirectories).Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal),
    ];

    public static GridCase Read(string root, string name)
    {
        var cluster = YamlDocuments.Read(Path.Combine(root, "cluster.yaml"));
        var inputs = Directory.GetFiles(Path.Combine(root, name), "*input.yaml").Order(StringComparer.Ordinal);
        return new GridCase(name, [.. inputs.Select(input => new GridStep(Lay(cluster, YamlDocuments.Read(input)), input.Replace("input.yaml", "expected.txt", StringComparison.Ordinal)))]);
    }

    public override string ToString() => Name;

    private static List<JsonNode> Lay(IReadOnlyList<JsonNode> cluster, IReadOnlyList<JsonNode> input) =>
        [.. cluster.Select(item => input.FirstOrDefault(other => Key(other) == Key(item)) ?? item), .. input.Where(item => cluster.All(other => Key(other) != Key(item)))];

    private static string Key(JsonNode item) => $"{item["kind"]} {ClusterDocuments.NamespaceOf(item)}/{ClusterDocuments.NameOf(item)}";
}
