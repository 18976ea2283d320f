using System.Text;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Sources;

/// <summary>
/// Lines of a file that together are a text of their own: a document of a manifest, the inside of a Markdown fence without the fence's indentation, the body of a heredoc.
/// Knows for each of its characters where in the file it stands.
/// </summary>
public sealed class TextRegion
{
    private readonly int[] _fileOffsets;
    private readonly int[] _starts;

    private TextRegion(SourceText source, int[] fileOffsets, int[] starts, string text) => (Source, _fileOffsets, _starts, Text) = (source, fileOffsets, starts, text);

    /// <summary>The file.</summary>
    public SourceText Source { get; }

    /// <summary>The text; its lines end in <c>\n</c>.</summary>
    public string Text { get; }

    /// <summary>How many lines it has.</summary>
    public int LineCount => _starts.Length;

    /// <summary>All of a file.</summary>
    public static TextRegion Whole(SourceText source) => Lines(source, 0, source.LineCount, 0);

    /// <summary>Lines of a file (from 0), each without up to <paramref name="indent"/> leading spaces.</summary>
    public static TextRegion Lines(SourceText source, int first, int end, int indent)
    {
        var lines = new (int Offset, int Length)[Math.Max(0, end - first)];
        for (var i = 0; i < lines.Length; i++)
        {
            var (start, length) = (source.Start(first + i), source.Length(first + i));
            var cut = 0;
            while (cut < indent && cut < length && source.Text[start + cut] == ' ')
            {
                cut++;
            }

            lines[i] = (start + cut, length - cut);
        }

        return Of(source, lines);
    }

    /// <summary>Some of these lines (from 0) as a region of their own, without up to <paramref name="indent"/> leading spaces.</summary>
    public TextRegion Slice(int first, int end, int indent = 0)
    {
        var lines = new (int Offset, int Length)[Math.Max(0, end - first)];
        for (var i = 0; i < lines.Length; i++)
        {
            var text = Line(first + i);
            var cut = 0;
            while (cut < indent && cut < text.Length && text[cut] == ' ')
            {
                cut++;
            }

            lines[i] = (_fileOffsets[first + i] + cut, text.Length - cut);
        }

        return Of(Source, lines);
    }

    /// <summary>The same places with another text of the same length: what the parser must not see is overwritten.</summary>
    public TextRegion With(string text) => new(Source, _fileOffsets, _starts, text);

    /// <summary>A line (from 0).</summary>
    public ReadOnlySpan<char> Line(int line) => Text.AsSpan(_starts[line], (line + 1 < _starts.Length ? _starts[line + 1] - 1 : Text.Length) - _starts[line]);

    /// <summary>The offset in this text at which a line (from 0) begins.</summary>
    public int Start(int line) => _starts[line];

    /// <summary>The offset in the file of an offset in this text.</summary>
    public int InFile(int offset)
    {
        if (_starts.Length == 0)
        {
            return 0;
        }

        var bounded = Math.Clamp(offset, 0, Text.Length);
        var found = Array.BinarySearch(_starts, bounded);
        var line = found >= 0 ? found : ~found - 1;
        return _fileOffsets[line] + bounded - _starts[line];
    }

    /// <summary>The offset in the file of a mark.</summary>
    public int InFile(ManifestMark mark) => InFile(mark.Offset);

    private static TextRegion Of(SourceText source, ReadOnlySpan<(int Offset, int Length)> lines)
    {
        var text = new StringBuilder();
        var (offsets, starts) = (new int[lines.Length], new int[lines.Length]);
        for (var i = 0; i < lines.Length; i++)
        {
            (offsets[i], starts[i]) = (lines[i].Offset, text.Length);
            text.Append(source.Text, lines[i].Offset, lines[i].Length);
            if (i + 1 < lines.Length)
            {
                text.Append('\n');
            }
        }

        return new TextRegion(source, offsets, starts, text.ToString());
    }
}
