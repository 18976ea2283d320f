using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Lint.Sources;

/// <summary>A text as it stands in a file, with its lines. Lines end at <c>\n</c>; a <c>\r</c> before it belongs to the end.</summary>
public sealed class SourceText
{
    private readonly List<int> _starts = [0];

    /// <summary>Takes a text.</summary>
    /// <param name="name">The file as it was named; <c>-</c> for standard input.</param>
    /// <param name="text">What it holds, without a byte order mark.</param>
    public SourceText(string name, string text)
    {
        (Name, Text) = (name, text);
        for (var i = text.IndexOf('\n', StringComparison.Ordinal); i >= 0; i = text.IndexOf('\n', i + 1))
        {
            _starts.Add(i + 1);
        }
    }

    /// <summary>The file as it was named.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public string Text { get; }

    /// <summary>How many lines there are; a text that ends in a line break has an empty last line.</summary>
    public int LineCount => _starts.Count;

    /// <summary>The line end that the text uses first.</summary>
    public string LineEnd => _starts.Count > 1 && _starts[1] > 1 && Text[_starts[1] - 2] == '\r' ? "\r\n" : "\n";

    /// <summary>The offset at which a line (from 0) begins.</summary>
    public int Start(int line) => _starts[line];

    /// <summary>The length of a line (from 0) without its end.</summary>
    public int Length(int line)
    {
        var end = line + 1 < _starts.Count ? _starts[line + 1] - 1 : Text.Length;
        return end > _starts[line] && Text[end - 1] == '\r' ? end - 1 - _starts[line] : end - _starts[line];
    }

    /// <summary>A line (from 0) without its end.</summary>
    public string Line(int line) => Text.Substring(_starts[line], Length(line));

    /// <summary>The line (from 0) in which an offset lies.</summary>
    public int LineOf(int offset)
    {
        var found = _starts.BinarySearch(offset);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The place of a part of the text.</summary>
    public Place Place(int start, int end)
    {
        var (from, to) = (Math.Clamp(start, 0, Text.Length), Math.Clamp(Math.Max(start, end), 0, Text.Length));
        var (line, last) = (LineOf(from), LineOf(to));
        return new Place(Name, line + 1, from - _starts[line] + 1, last + 1, to - _starts[last] + 1);
    }
}
