using System.Text;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint.Fixes;

/// <summary>Takes findings away by editing the text where they stand. Everything else stays as it is.</summary>
public static class Fixer
{
    // Findings that hide behind others (a spec that had to be moved first) come up in the next round.
    private const int MostRounds = 10;

    /// <summary>Fixes files in the context of each other.</summary>
    /// <param name="files">The files.</param>
    /// <param name="options">What else counts.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The files as they are after it, in the same order; those without anything to fix are the same objects.</returns>
    public static IReadOnlyList<LintFile> Fix(IReadOnlyList<LintFile> files, LintOptions options, CancellationToken cancel)
    {
        var current = files.ToArray();
        var refused = new HashSet<int>();
        for (var round = 0; round < MostRounds; round++)
        {
            var byFile = Linter.Run(current, options, null, cancel).Where(finding => finding.File is not null && finding.Edits.Count > 0).ToLookup(finding => finding.File!);
            var changed = false;
            for (var i = 0; i < current.Length; i++)
            {
                // What could not be read as a whole is not touched: an edit might land in what was not understood.
                if (!byFile.Contains(current[i]) || current[i].Problems.Count > 0 || refused.Contains(i))
                {
                    continue;
                }

                if (Edited(current[i], byFile[current[i]]) is { } made)
                {
                    (current[i], changed) = (made, true);
                }
                else
                {
                    refused.Add(i);
                }
            }

            if (!changed)
            {
                break;
            }
        }

        return current;
    }

    /// <summary>Applies edits. Those of one finding go together, and nothing else is changed between its first and its last: what wants that waits for the next round.</summary>
    public static string Apply(string text, IEnumerable<IReadOnlyList<TextEdit>> findings)
    {
        var claims = new SortedList<int, int>();
        var taken = new List<TextEdit>();
        foreach (var edits in findings.Where(edits => edits.Count > 0))
        {
            var (start, end) = (edits.Min(edit => edit.Start), edits.Max(edit => edit.End));
            if (IsFree(claims, start, end))
            {
                claims[start] = end;
                taken.AddRange(edits);
            }
        }

        var made = new StringBuilder(text.Length + 64);
        var from = 0;
        foreach (var edit in taken.OrderBy(edit => edit.Start))
        {
            made.Append(text, from, edit.Start - from).Append(edit.Text);
            from = edit.End;
        }

        return made.Append(text, from, text.Length - from).ToString();
    }

    // Spans do not touch each other, so only the neighbours have to be asked.
    private static bool IsFree(SortedList<int, int> claims, int start, int end)
    {
        var (low, high) = (0, claims.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = claims.Keys[middle] <= start ? (middle + 1, high) : (low, middle);
        }

        return (low == 0 || claims.Values[low - 1] < start) && (low == claims.Count || claims.Keys[low] > end);
    }

    // Where all edits together leave something unreadable, one by one: the others are not given up for the one that does.
    private static LintFile? Edited(LintFile file, IEnumerable<LintFinding> findings)
    {
        var all = findings.ToList();
        return Made(file, all) ?? all.Select(one => Made(file, [one])).FirstOrDefault(made => made is not null);
    }

    // A fix must leave as many objects as there were, and all of them readable.
    private static LintFile? Made(LintFile file, List<LintFinding> findings)
    {
        var text = Apply(file.Source.Text, findings.Select(finding => finding.Edits));
        if (text == file.Source.Text)
        {
            return null;
        }

        var made = LintFile.Read(new SourceText(file.Source.Name, text), file.IsNamed, file.IsHelmTemplate);
        return made.Problems.Count == 0 && made.Documents.Count >= file.Documents.Count ? made : null;
    }
}
