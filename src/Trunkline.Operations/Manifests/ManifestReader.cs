using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Trunkline.Operations.Manifests;

/// <summary>
/// Reads YAML (and JSON, which is YAML) into trees that know their places, one a document. Built from the parser's events and not from its own trees:
/// those are made by recursion, which a text of brackets alone ends the process with.
/// </summary>
public static class ManifestReader
{
    private const int MostDepth = 200;

    /// <summary>Reads the documents of a text one after the other, so that those before an error are had.</summary>
    /// <exception cref="ManifestException">The text is not YAML from here on, or deeper than any manifest is.</exception>
    public static IEnumerable<ManifestNode> Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        while (Next(parser) is { } read)
        {
            if (read is DocumentStart)
            {
                var anchors = new Dictionary<AnchorName, ManifestNode>();
                if (Next(parser) is { } first && first is not DocumentEnd && Node(parser, first, anchors) is { } root && !(root.Text is { Length: 0 } && root.Style == ScalarStyle.Plain))
                {
                    yield return root;
                }
            }
        }
    }

    private static ParsingEvent? Next(Parser parser)
    {
        try
        {
            return parser.MoveNext() ? parser.Current : null;
        }
        catch (YamlException error)
        {
            throw new ManifestException(error.Message, Mark(error.Start), error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The scanner's own slips over texts that are no YAML (a tab within a plain scalar of a flow is one).
            throw new ManifestException("this is not YAML", Mark(parser.Current?.End ?? Mark0), error);
        }
    }

    // A stack of what is open, not recursion.
    private static ManifestNode Node(Parser parser, ParsingEvent first, Dictionary<AnchorName, ManifestNode> anchors)
    {
        var open = new Stack<OpenNode>();
        var read = first;
        while (true)
        {
            ManifestNode? done = null;
            switch (read)
            {
                case Scalar scalar:
                    done = ManifestNode.Scalar(WordPool.One(scalar.Value), scalar.Style, Mark(scalar.Start), Mark(scalar.End));
                    Remember(scalar.Anchor, done);
                    break;
                case AnchorAlias alias:
                    done = anchors.TryGetValue(alias.Value, out var named) ? named : throw new ManifestException($"the alias *{alias.Value} names nothing that stands before it", Mark(alias.Start));
                    break;
                case MappingStart or SequenceStart when open.Count == MostDepth:
                    throw new ManifestException($"more than {MostDepth} levels deep", Mark(read.Start));
                case MappingStart or SequenceStart:
                    open.Push(new OpenNode((NodeEvent)read));
                    break;
                case MappingEnd or SequenceEnd:
                    var closing = open.Pop();
                    done = closing.Close(Mark(read.End));
                    Remember(closing.Anchor, done);
                    break;
            }

            if (done is not null && open.Count == 0)
            {
                return done;
            }

            if (done is not null)
            {
                open.Peek().Add(done);
            }

            read = Next(parser) ?? throw new ManifestException("the text ends within a value", Mark(parser.Current?.End ?? Mark0));
        }

        void Remember(AnchorName anchor, ManifestNode node)
        {
            if (!anchor.IsEmpty)
            {
                anchors[anchor] = node;
            }
        }
    }

    private static YamlDotNet.Core.Mark Mark0 => default;

    internal static ManifestMark Mark(in Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column), (int)mark.Index);
}
