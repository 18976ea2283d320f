using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace Trunkline.Operations.Manifests;

/// <summary>A value of a manifest with the place at which it is written: a mapping, a sequence or a scalar.</summary>
public sealed class ManifestNode
{
    private ManifestNode(ManifestMark start, ManifestMark end) => (Start, End) = (start, end);

    /// <summary>Its first character.</summary>
    public ManifestMark Start { get; }

    /// <summary>The place after its last character.</summary>
    public ManifestMark End { get; }

    /// <summary>The entries of a mapping in their order, those of merge keys last; null for other values.</summary>
    public IReadOnlyList<ManifestEntry>? Entries { get; private init; }

    /// <summary>The items of a sequence; null for other values.</summary>
    public IReadOnlyList<ManifestNode>? Items { get; private init; }

    /// <summary>The text of a scalar, without quotes; null for other values.</summary>
    public string? Text { get; private init; }

    /// <summary>How a scalar is written.</summary>
    public ScalarStyle Style { get; private init; }

    /// <summary>Whether a mapping or sequence is written in braces or brackets.</summary>
    public bool IsFlow { get; private init; }

    /// <summary>The value of a key; null when this is no mapping or has no such key. Of a key that stands twice, the last.</summary>
    public ManifestNode? this[string key] =>
        Entry(key)?.Value;

    /// <summary>Makes a mapping.</summary>
    public static ManifestNode Mapping(IReadOnlyList<ManifestEntry> entries, bool flow, ManifestMark start, ManifestMark end) => new(start, end) { Entries = entries, IsFlow = flow };

    /// <summary>Makes a sequence.</summary>
    public static ManifestNode Sequence(IReadOnlyList<ManifestNode> items, bool flow, ManifestMark start, ManifestMark end) => new(start, end) { Items = items, IsFlow = flow };

    /// <summary>Makes a scalar.</summary>
    public static ManifestNode Scalar(string text, ScalarStyle style, ManifestMark start, ManifestMark end) => new(start, end) { Text = text, Style = style };

    /// <summary>The entry of a key; null when this is no mapping or has no such key.</summary>
    public ManifestEntry? Entry(string key)
    {
        ManifestEntry? found = null;
        foreach (var entry in Entries ?? [])
        {
            if (entry.Key.Text == key && (found is null || !entry.Merged))
            {
                found = entry;
            }
        }

        return found;
    }

    /// <summary>The value at the end of a path of keys; null when there is none.</summary>
    public ManifestNode? At(params ReadOnlySpan<string> path)
    {
        var node = this;
        foreach (var key in path)
        {
            node = node?[key];
        }

        return node;
    }

    /// <summary>The value as clients send it: scalars by YAML 1.1, so that <c>mode: 0644</c> is 420.</summary>
    /// <exception cref="ManifestException">Aliases make it larger than any manifest is.</exception>
    public JsonNode? ToJson() => new ManifestToJson().Convert(this);
}
