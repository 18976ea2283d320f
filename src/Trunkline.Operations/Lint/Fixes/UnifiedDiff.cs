using System.Globalization;
using System.Text;

namespace Trunkline.Operations.Lint.Fixes;

/// <summary>The difference of two texts as <c>diff -u</c> prints it, for <c>patch</c> and <c>git apply</c>.</summary>
public static class UnifiedDiff
{
    private const int Around = 3;

    /// <summary>The difference; empty when there is none.</summary>
    public static string Of(string file, string before, string after)
    {
        if (before == after)
        {
            return "";
        }

        var name = (file.StartsWith("./", StringComparison.Ordinal) ? file[2..] : file).TrimStart('/');
        var (old, made) = (Lines(before), Lines(after));
        var steps = Steps(old, made);
        var diff = new StringBuilder().Append("--- a/").Append(name).Append("\n+++ b/").Append(name).Append('\n');
        for (var i = 0; i < steps.Count;)
        {
            if (steps[i].Kind == ' ')
            {
                i++;
                continue;
            }

            var (first, last) = (Math.Max(0, i - Around), i);
            for (var j = i; j < steps.Count && j - last <= 2 * Around; j++)
            {
                last = steps[j].Kind == ' ' ? last : j;
            }

            var end = Math.Min(steps.Count, last + Around + 1);
            Hunk(diff, steps, first, end);
            i = end;
        }

        return diff.ToString();
    }

    private static void Hunk(StringBuilder diff, List<(char Kind, string Line, int Old, int New)> steps, int first, int end)
    {
        var (oldCount, newCount) = (steps.Skip(first).Take(end - first).Count(step => step.Kind != '+'), steps.Skip(first).Take(end - first).Count(step => step.Kind != '-'));
        diff.Append(CultureInfo.InvariantCulture, $"@@ -{Range(steps[first].Old, oldCount)} +{Range(steps[first].New, newCount)} @@\n");
        for (var i = first; i < end; i++)
        {
            var line = steps[i].Line;
            diff.Append(steps[i].Kind).Append(line);
            if (!line.EndsWith('\n'))
            {
                diff.Append("\n\\ No newline at end of file\n");
            }
        }
    }

    private static string Range(int start, int count) => count == 1 ? $"{start + 1}" : $"{(count == 0 ? start : start + 1)},{count}";

    // What is the same at both ends is most of it. Of the middle the lines' longest common sequence; where the middle is too long for that table, it is replaced as a whole.
    private static List<(char Kind, string Line, int Old, int New)> Steps(string[] old, string[] made)
    {
        const long MostCells = 25_000_000;
        var head = 0;
        while (head < old.Length && head < made.Length && old[head] == made[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < old.Length - head && tail < made.Length - head && old[^(tail + 1)] == made[^(tail + 1)])
        {
            tail++;
        }

        var (rows, columns) = (old.Length - head - tail, made.Length - head - tail);
        var table = (long)rows * columns <= MostCells ? Table(old, made, head, rows, columns) : null;
        var steps = new List<(char, string, int, int)>();
        var (i, j) = (0, 0);
        for (; i < head; i++, j++)
        {
            steps.Add((' ', old[i], i, j));
        }

        while (i < head + rows || j < head + columns)
        {
            if (i < head + rows && j < head + columns && table is not null && old[i] == made[j])
            {
                steps.Add((' ', old[i], i++, j++));
            }
            else if (i < head + rows && (j == head + columns || table is null || table[i - head + 1, j - head] >= table[i - head, j - head + 1]))
            {
                steps.Add(('-', old[i], i++, j));
            }
            else
            {
                steps.Add(('+', made[j], i, j++));
            }
        }

        for (; i < old.Length; i++, j++)
        {
            steps.Add((' ', old[i], i, j));
        }

        return steps;
    }

    private static int[,] Table(string[] old, string[] made, int head, int rows, int columns)
    {
        var table = new int[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
            {
                table[i, j] = old[head + i] == made[head + j] ? table[i + 1, j + 1] + 1 : Math.Max(table[i + 1, j], table[i, j + 1]);
            }
        }

        return table;
    }

    private static string[] Lines(string text)
    {
        var lines = new List<string>();
        var from = 0;
        for (var i = text.IndexOf('\n', StringComparison.Ordinal); i >= 0; i = text.IndexOf('\n', from))
        {
            lines.Add(text[from..(i + 1)]);
            from = i + 1;
        }

        if (from < text.Length)
        {
            lines.Add(text[from..]);
        }

        return [.. lines];
    }
}
