using System.Text;
using CsCheck;
using Trunkline.Operations.Lint;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Lint.Sources;
using Xunit;

namespace Trunkline.Operations.Tests.Lint;

/// <summary>Whatever is done to manifests and pages: no crash, places within the text, fixes that keep what they do not concern, and end.</summary>
public sealed class RandomEditTests
{
    private static readonly (string Name, string Text)[] s_inputs =
    [
        .. Directory.GetFiles(Path.Combine(LintFolder.Root, "Cases"), "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith("expected.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), File.ReadAllText(file))),
    ];

    private static readonly string[] s_pieces =
    [
        "\n", "  ", "\t", "---\n", "...\n", "- ", ": ", "{", "}", "[", "]", "null", "SCTP", "sctp", "\"", "'", "#", "&a ", "*a", "<<: ", "|\n", "```\n", "```yaml\n", "```bash\n", "<<EOF\n", "EOF\n", "$ ", "\r\n", "\r", "\u0085", "\u2028", "\ud83d\ude00", "\0", "\ufeff", "{{ x }}",
        "# trunkline-lint: ignore SCTP009 x\n", "  spec:\n", "podSelector:", "0644", "99999999999999999999", "-1", "nc -l 1 --sctp\n", "oc get x -wide\n", "한국어", "\\",
    ];

    private static readonly Gen<string> s_piece = Gen.Int[0, s_pieces.Length - 1].Select(i => s_pieces[i]);

    private static readonly Gen<(string Name, string Text)> s_edited =
        from input in Gen.Int[0, s_inputs.Length - 1].Select(i => s_inputs[i])
        from edits in Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 12], s_piece).List[0, 6]
        select (input.Name, edits.Aggregate(input.Text, Edit));

    [Fact]
    public void Places_lie_within_the_text_and_findings_are_told_in_words() => s_edited.Sample(input =>
    {
        var file = LintFile.Read(new SourceText(input.Name, input.Text));
        foreach (var found in Linter.Run([file], new LintOptions(), null, CancellationToken.None))
        {
            var place = found.Finding.Place!;
            Assert.InRange(place.Line, 1, file.Source.LineCount);
            Assert.InRange(place.Column, 1, file.Source.Length(place.Line - 1) + 2);
            Assert.True((place.EndLine, place.EndColumn).CompareTo((place.Line, place.Column)) >= 0);
            Assert.NotEmpty(found.Finding.Message);
            Assert.All(found.Edits, edit => Assert.True(edit.Start >= 0 && edit.Start <= edit.End && edit.End <= input.Text.Length));
        }
    }, iter: 3000);

    [Fact]
    public void A_fix_ends_and_keeps_every_line_that_it_does_not_concern() => s_edited.Sample(input =>
    {
        var file = LintFile.Read(new SourceText(input.Name, input.Text));
        var made = Fixer.Fix([file], new LintOptions(), CancellationToken.None)[0];
        Assert.Same(made, Fixer.Fix([made], new LintOptions(), CancellationToken.None)[0]);
        if (file.Problems.Count > 0)
        {
            Assert.Same(file, made);
        }

        // Comments are never lost: as many characters # outside of what was edited stand there as before.
        Assert.True(made.Source.Text.Count(c => c == '#') >= file.Source.Text.Count(c => c == '#') - input.Text.Split("# nc ").Length - input.Text.Split("sh-").Length - input.Text.Split("# oc ").Length, made.Source.Text);
    }, iter: 1000);

    [Fact]
    public void A_round_of_edits_changes_only_the_lines_that_it_names() => s_edited.Sample(input =>
    {
        var file = LintFile.Read(new SourceText(input.Name, input.Text));
        var edits = Linter.Run([file], new LintOptions(), null, CancellationToken.None).Select(finding => finding.Edits).ToList();
        var after = Fixer.Apply(input.Text, edits);
        var touched = edits.SelectMany(list => list).SelectMany(edit => Enumerable.Range(file.Source.LineOf(edit.Start), file.Source.LineOf(edit.End) - file.Source.LineOf(edit.Start) + 1)).ToHashSet();
        var lines = after.Split('\n').ToHashSet(StringComparer.Ordinal);
        Assert.All(Enumerable.Range(0, file.Source.LineCount).Where(line => !touched.Contains(line)), line => Assert.Contains(input.Text.Split('\n')[line], lines));
    }, iter: 500);

    [Fact]
    public void Any_text_is_read() => s_piece.List[0, 40].Sample(pieces =>
    {
        var text = string.Concat(pieces);
        foreach (var name in (string[])["a.yaml", "a.md", "a.sh", "-"])
        {
            Linter.Run([LintFile.Read(new SourceText(name, text))], new LintOptions(), null, CancellationToken.None);
        }
    }, iter: 3000);

    private static string Edit(string text, (int At, int Length, string Piece) edit)
    {
        var at = edit.At % (text.Length + 1);
        return new StringBuilder(text).Remove(at, Math.Min(edit.Length, text.Length - at)).Insert(at, edit.Piece).ToString();
    }
}
