using Trunkline.Operations.Lint.Catalogue;
using Trunkline.Operations.Lint.Fixes;
using Xunit;

namespace Trunkline.Operations.Tests.Lint;

/// <summary>Cases/RULE/yes… and no…: inputs, what is found in them (expected.txt) and what a fix changes (expected.diff).</summary>
public sealed class CaseTests
{
    private static readonly string s_cases = Path.Combine(LintFolder.Root, "Cases");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(s_cases).SelectMany(Directory.GetDirectories).Select(folder => Path.GetRelativePath(s_cases, folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Finds_what_is_expected_and_nothing_else(string name)
    {
        var run = await LintFolder.ReadAsync(Path.Combine(s_cases, name), TestContext.Current.CancellationToken);
        var found = LintFolder.Lines(run.Run(TestContext.Current.CancellationToken)).ToList();
        Assert.Equal(File.ReadAllLines(Path.Combine(s_cases, name, "expected.txt")).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        var rule = Path.GetDirectoryName(name)!;
        Assert.Equal(name.Contains("/yes", StringComparison.Ordinal), found.Exists(line => line.EndsWith(rule, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_fix_changes_what_is_expected_and_a_second_one_nothing(string name)
    {
        var cancel = TestContext.Current.CancellationToken;
        var run = await LintFolder.ReadAsync(Path.Combine(s_cases, name), cancel);
        var made = Fixer.Fix(run.Files, run.Options, cancel);
        var expected = Path.Combine(s_cases, name, "expected.diff");
        Assert.Equal(File.Exists(expected) ? File.ReadAllText(expected) : "", string.Concat(run.Files.Zip(made, (before, after) => UnifiedDiff.Of(before.Source.Name, before.Source.Text, after.Source.Text))));
        Assert.Equal(made, Fixer.Fix(made, run.Options, cancel));
        Assert.DoesNotContain((run with { Files = made }).Run(cancel), finding => finding.Edits.Count > 0);
    }

    [Fact]
    public void Every_rule_has_a_case_that_it_finds_and_one_that_it_does_not()
    {
        foreach (var rule in RuleCatalogue.All.Where(rule => rule.Info.Id != RuleCatalogue.Unreadable))
        {
            Assert.True(Directory.Exists(Path.Combine(s_cases, rule.Info.Id, "yes")), rule.Info.Id);
            Assert.True(Directory.Exists(Path.Combine(s_cases, rule.Info.Id, "no")), rule.Info.Id);
        }
    }

    [Fact]
    public void Rules_that_are_called_fixable_are_those_of_which_a_case_shows_a_fix()
    {
        var fixedIn = Directory.GetFiles(s_cases, "expected.diff", SearchOption.AllDirectories).Select(file => Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(file)!)!)).Order(StringComparer.Ordinal);
        Assert.Equal(RuleCatalogue.All.Where(rule => rule.IsFixable).Select(rule => rule.Info.Id), fixedIn);
    }

    [Fact]
    public async Task Nothing_is_found_in_ordinary_manifests()
    {
        var run = await LintFolder.ReadAsync(Path.Combine(LintFolder.Root, "Ordinary"), TestContext.Current.CancellationToken);
        Assert.True(run.Files.Count >= 10);
        Assert.Empty(run.Run(TestContext.Current.CancellationToken).Select(finding => $"{finding.Finding.Place?.File}:{finding.Finding.Place?.Line} {finding.Finding.Rule} {finding.Finding.Message}"));

        // Each by itself as well: what others of the run explain must not be what keeps it quiet.
        Assert.Empty(run.Files.SelectMany(file => (run with { Files = [file] }).Run(TestContext.Current.CancellationToken)).Select(finding => $"{finding.Finding.Place?.File}:{finding.Finding.Place?.Line} {finding.Finding.Rule} {finding.Finding.Message}"));
    }
}
