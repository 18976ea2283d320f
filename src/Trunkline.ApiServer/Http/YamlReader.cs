using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Trunkline.ApiServer.Http;

/// <summary>Turns the first document of a YAML body into JSON. Keys given twice are reported in go-yaml's words; the last one stands, as in a lenient reader.</summary>
public sealed class YamlReader
{
    /// <summary>go-yaml refuses documents that aliases blow up; this is the most nodes that a 3 MB body can be expected to have.</summary>
    private const int MaxNodes = 500_000;

    private const int MaxDepth = 200;

    private readonly Dictionary<string, YamlTree> _anchors = new(StringComparer.Ordinal);
    private readonly List<string> _duplicates = [];
    private int _nodes;

    private YamlReader()
    {
    }

    /// <summary>Reads a body; throws <see cref="FormatException"/> with go-yaml's kind of words.</summary>
    public static (byte[] Json, IReadOnlyList<string> StrictErrors) ToJson(ReadOnlySpan<byte> body)
    {
        var reader = new YamlReader();
        try
        {
            return reader.Convert(Encoding.UTF8.GetString(body));
        }
        catch (YamlException bad)
        {
            throw new FormatException(YamlWords.Of(bad), bad);
        }
    }

    private (byte[] Json, IReadOnlyList<string> StrictErrors) Convert(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        var root = parser.TryConsume<DocumentStart>(out _) ? Node(parser, 0) : null;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            if (root is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                Write(writer, root, 0);
            }
        }

        return (buffer.ToArray(), _duplicates.Count == 0 ? [] : ["yaml: unmarshal errors:\n  " + string.Join("\n  ", _duplicates)]);
    }

    private YamlTree Node(Parser parser, int depth)
    {
        Guard(depth);
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value.Value, out var known) ? known : throw new FormatException($"yaml: unknown anchor '{alias.Value.Value}' referenced");
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            var plain = scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty;
            return Remember(scalar.Anchor, new YamlTree { Text = scalar.Value, Plain = plain, Line = scalar.Start.Line });
        }

        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var tree = Remember(sequence.Anchor, new YamlTree { Items = [] });
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                tree.Items!.Add(Node(parser, depth + 1));
            }

            return tree;
        }

        return Mapping(parser, depth);
    }

    private YamlTree Mapping(Parser parser, int depth)
    {
        var start = parser.Consume<MappingStart>();
        var tree = Remember(start.Anchor, new YamlTree { Pairs = [] });
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(parser, depth + 1);
            var value = Node(parser, depth + 1);
            if (key is { Plain: true, Text: "<<" } && Merged(value) is { } merged)
            {
                merged.ForEach(p => tree.AddIfAbsent(p.Key, p.Value));
            }
            else if (!tree.Set(key.Text ?? throw new FormatException("yaml: invalid map key"), value))
            {
                _duplicates.Add($"line {key.Line}: key \"{key.Text}\" already set in map");
            }
        }

        return tree;
    }

    private static List<KeyValuePair<string, YamlTree>>? Merged(YamlTree value) =>
        value.Pairs ?? value.Items?.Where(i => i.Pairs is not null).SelectMany(i => i.Pairs!).ToList();

    private void Write(Utf8JsonWriter writer, YamlTree tree, int depth)
    {
        Guard(depth);
        if (tree.Pairs is { } pairs)
        {
            writer.WriteStartObject();
            foreach (var (name, value) in pairs)
            {
                writer.WritePropertyName(name);
                Write(writer, value, depth + 1);
            }

            writer.WriteEndObject();
        }
        else if (tree.Items is { } items)
        {
            writer.WriteStartArray();
            items.ForEach(i => Write(writer, i, depth + 1));
            writer.WriteEndArray();
        }
        else if (tree.Plain)
        {
            YamlScalar.Write(writer, tree.Text!);
        }
        else
        {
            writer.WriteStringValue(tree.Text);
        }
    }

    private YamlTree Remember(AnchorName anchor, YamlTree tree)
    {
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = tree;
        }

        return tree;
    }

    private void Guard(int depth)
    {
        if (depth > MaxDepth || ++_nodes > MaxNodes)
        {
            throw new FormatException("yaml: document contains excessive aliasing");
        }
    }
}
