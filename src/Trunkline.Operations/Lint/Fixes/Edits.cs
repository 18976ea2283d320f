using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;
using YamlDotNet.Core;

namespace Trunkline.Operations.Lint.Fixes;

/// <summary>Minimal edits of the text in which a document stands. What has no text (an object of a cluster) has no edits.</summary>
internal static class Edits
{
    /// <summary>Replaces a scalar, whatever its quotes.</summary>
    public static IReadOnlyList<TextEdit> Replace(LintDocument document, ManifestNode scalar, string text)
    {
        if (document.Chunk is not { Region: var region })
        {
            return [];
        }

        var (start, end) = (region.InFile(scalar.Start), region.InFile(scalar.End));
        var isEmpty = start == end;
        // A value that is not written stands directly behind its colon.
        return [new TextEdit(start, end, isEmpty && start > 0 && region.Source.Text[start - 1] == ':' ? $" {text}" : text)];
    }

    /// <summary>Adds an entry before the first of a mapping: on a line of its own, or in braces beside it.</summary>
    /// <param name="document">The document.</param>
    /// <param name="mapping">The mapping; it has an entry.</param>
    /// <param name="key">The key.</param>
    /// <param name="yaml">The value in YAML.</param>
    /// <param name="json">The value in JSON.</param>
    public static IReadOnlyList<TextEdit> AddEntry(LintDocument document, ManifestNode mapping, string key, string yaml, string json)
    {
        if (document.Chunk is not { Region: var region } || mapping.Entries?.FirstOrDefault(entry => !entry.Merged) is not { Key: var first })
        {
            return [];
        }

        var source = region.Source;
        var at = region.InFile(first.Start);
        if (mapping.IsFlow)
        {
            return [new TextEdit(at, at, first.Style == ScalarStyle.DoubleQuoted ? $"\"{key}\": {json}, " : $"{key}: {yaml}, ")];
        }

        var lineStart = source.Start(source.LineOf(at));
        var prefix = new string(' ', at - lineStart);
        return source.Text.AsSpan(lineStart, at - lineStart).Contains('\t') ? [] : [new TextEdit(at, at, $"{key}: {yaml}{source.LineEnd}{prefix}")];
    }
}
