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

    /// <summary>Applies edits, those of one finding together; where two findings want the same place, the later one waits for the next round.</summary>
    public static string Apply(string text, IEnumerable<IReadOnlyList<TextEdit>> findings)
    {
        var taken = new SortedDictionary<int, TextEdit>();
        foreach (var edits in findings)
        {
            if (edits.All(edit => IsFree(taken, edit)))
            {
                foreach (var edit in edits)
                {
                    taken[edit.Start] = edit;
                }
            }
        }

        var made = new StringBuilder(text.Length + 64);
        var from = 0;
        foreach (var edit in taken.Values)
        {
            made.Append(text, from, edit.Start - from).Append(edit.Text);
            from = edit.End;
        }

        return made.Append(text, from, text.Length - from).ToString();
    }

    private static bool IsFree(SortedDictionary<int, TextEdit> taken, TextEdit edit) =>
        taken.Values.All(other => edit.End < other.Start || other.End < edit.Start || (edit.End == other.Start && edit.Start < other.Start) || (other.End == edit.Start && other.Start < edit.Start));

    // A fix must leave as many objects as there were, and all of them readable.
    private static LintFile? Edited(LintFile file, IEnumerable<LintFinding> findings)
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
