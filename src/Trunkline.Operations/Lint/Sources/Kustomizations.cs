using Trunkline.Operations.Lint.Documents;

namespace Trunkline.Operations.Lint.Sources;

/// <summary>What a kustomization says about the files beside it: the namespace of its resources, and which files are patches rather than objects.</summary>
internal static class Kustomizations
{
    /// <summary>Applies what the kustomizations of a run say to its other files.</summary>
    public static void Apply(IReadOnlyList<LintFile> files)
    {
        var all = files.Where(file => Path.GetFileName(file.Source.Name) is "kustomization.yaml" or "kustomization.yml").ToList();
        if (all.Count == 0)
        {
            return;
        }

        var byPath = new Dictionary<string, LintFile>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            byPath[Path.GetFullPath(file.Source.Name)] = file;
        }

        foreach (var kustomization in all)
        {
            foreach (var document in kustomization.Documents)
            {
                Apply(document, Path.GetDirectoryName(Path.GetFullPath(kustomization.Source.Name))!, byPath);
            }
        }
    }

    private static void Apply(LintDocument kustomization, string folder, Dictionary<string, LintFile> files)
    {
        var root = kustomization.Root;
        if (root["namespace"].WordOrNull() is { } ns)
        {
            foreach (var document in Named(root["resources"].Texts(), folder, files))
            {
                document.Namespace ??= ns;
            }
        }

        var patches = root["patches"].List().Concat(root["patchesJson6902"].List()).Select(patch => patch["path"]?.Text).OfType<string>();
        foreach (var document in Named(patches.Concat(root["patchesStrategicMerge"].Texts()), folder, files))
        {
            document.IsPatch = true;
        }
    }

    private static IEnumerable<LintDocument> Named(IEnumerable<string> paths, string folder, Dictionary<string, LintFile> files) =>
        paths.Where(path => path.Length is > 0 and < 1000 && !path.Contains('\0', StringComparison.Ordinal))
            .SelectMany(path => files.TryGetValue(Path.GetFullPath(Path.Combine(folder, path)), out var file) ? file.Documents : []);
}
