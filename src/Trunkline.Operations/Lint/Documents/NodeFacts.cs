using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.Operations.Manifests;
using YamlDotNet.Core;

namespace Trunkline.Operations.Lint.Documents;

/// <summary>Careful looks into trees that somebody else wrote: what has not the right shape is as if it were not there.</summary>
public static class NodeFacts
{
    /// <summary>No words.</summary>
    public static IReadOnlyDictionary<string, string> NoWords { get; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether a value is YAML's null, or is not written at all.</summary>
    public static bool IsNull(this ManifestNode? node) => node is null || (node.Text is { } text && YamlScalars.Value(text, node.Style) is null);

    /// <summary>The text of a scalar that is not null.</summary>
    public static string? WordOrNull(this ManifestNode? node) => node.IsNull() ? null : node!.Text;

    /// <summary>The whole number of a scalar, by YAML 1.1; null for texts and other values.</summary>
    public static long? Number(this ManifestNode? node) =>
        node?.Text is { } text && node.Style == ScalarStyle.Plain && YamlScalars.Value(text, node.Style) is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    /// <summary>The text of a scalar that YAML reads as text; null for numbers, truths and null.</summary>
    public static string? Word(this ManifestNode? node) =>
        node?.Text is { } text && YamlScalars.Value(text, node.Style) is { } value && value.GetValueKind() == JsonValueKind.String ? text : null;

    /// <summary>The items of a list; none when it is none.</summary>
    public static IReadOnlyList<ManifestNode> List(this ManifestNode? node) => node?.Items ?? [];

    /// <summary>The texts of a list.</summary>
    public static IEnumerable<string> Texts(this ManifestNode? node) => node.List().Select(item => item.Text).OfType<string>();

    /// <summary>The texts of a mapping.</summary>
    public static IReadOnlyDictionary<string, string> Words(this ManifestNode? node)
    {
        if (node?.Entries is not { Count: > 0 } entries)
        {
            return NoWords;
        }

        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry.Value.Text is { } text)
            {
                words[entry.Key.Text!] = text;
            }
        }

        return words;
    }

    /// <summary>Whether a mapping holds a key with a value that is not null.</summary>
    public static bool Has(this ManifestNode? node, string key) => !(node?[key]).IsNull();

    /// <summary>All scalars of a tree with the key under which they stand. An alias stands for what it names, but is counted: no more are told than any manifest has.</summary>
    public static IEnumerable<(string Key, ManifestNode Scalar)> Scalars(this ManifestNode? root)
    {
        const int Most = 200_000;
        var open = new Stack<(string Key, ManifestNode Node)>();
        if (root is not null)
        {
            open.Push(("", root));
        }

        for (var told = 0; open.Count > 0 && told < Most; told++)
        {
            var (key, node) = open.Pop();
            if (node.Text is not null)
            {
                yield return (key, node);
            }

            for (var i = (node.Items?.Count ?? 0) - 1; i >= 0; i--)
            {
                open.Push((key, node.Items![i]));
            }

            for (var i = (node.Entries?.Count ?? 0) - 1; i >= 0; i--)
            {
                open.Push((node.Entries![i].Key.Text!, node.Entries[i].Value));
            }
        }
    }

    /// <summary>The mark after the last character of a value itself; a block's own mark stands where the next value begins.</summary>
    public static ManifestMark ContentEnd(this ManifestNode node)
    {
        var last = node;
        for (var depth = 0; depth < 1000 && !last.IsFlow; depth++)
        {
            var next = last.Entries is { Count: > 0 } entries ? Last(entries) : last.Items is { Count: > 0 } items ? items[^1] : null;
            if (next is null)
            {
                break;
            }

            last = next;
        }

        return last.End;
    }

    // Of entries that came by a merge key the text stands elsewhere.
    private static ManifestNode? Last(IReadOnlyList<ManifestEntry> entries) => entries.LastOrDefault(entry => !entry.Merged)?.Value;
}
