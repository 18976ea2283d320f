namespace Trunkline.Operations.Lint.Sources;

/// <summary>Tells how a file is read, by its name; what comes by standard input has none and is told by its text.</summary>
internal static class FileKinds
{
    /// <summary>Whether a file of a folder is looked at.</summary>
    public static bool IsLinted(string path) => Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml" or ".json" or ".md" or ".markdown" or ".sh";

    public static FileKind Of(SourceText source) => Path.GetExtension(source.Name).ToLowerInvariant() switch
    {
        ".md" or ".markdown" => FileKind.Markdown,
        ".sh" or ".bash" => FileKind.Shell,
        ".yaml" or ".yml" or ".json" => FileKind.Manifests,
        _ when source.Text.StartsWith("#!", StringComparison.Ordinal) => FileKind.Shell,
        _ when LooksLikeMarkdown(source) => FileKind.Markdown,
        _ => FileKind.Manifests,
    };

    private static bool LooksLikeMarkdown(SourceText source) =>
        Enumerable.Range(0, source.LineCount).Any(line => source.Line(line).AsSpan().TrimStart() is var text && (text.StartsWith("```", StringComparison.Ordinal) || text.StartsWith("~~~", StringComparison.Ordinal)));
}
