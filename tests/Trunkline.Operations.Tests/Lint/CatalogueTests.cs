using Trunkline.Operations.Lint.Catalogue;
using Xunit;

namespace Trunkline.Operations.Tests.Lint;

/// <summary>The catalogue is whole, and docs/lint.md shows the same.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public void There_are_forty_six_rules_without_a_gap() =>
        Assert.Equal(Enumerable.Range(0, 47).Select(number => $"SCTP{number:000}"), RuleCatalogue.All.Select(rule => rule.Info.Id));

    [Fact]
    public void Each_has_a_name_a_summary_an_explanation_and_a_source_of_its_own()
    {
        Assert.All(RuleCatalogue.All, rule => Assert.All([rule.Info.Name, rule.Info.Summary, rule.Info.Explanation, rule.Info.Source], text => Assert.False(string.IsNullOrWhiteSpace(text))));
        Assert.Equal(RuleCatalogue.All.Count, RuleCatalogue.All.Select(rule => rule.Info.Name).Distinct().Count());
        Assert.Same(RuleCatalogue.Find("SCTP002"), RuleCatalogue.Find("peer-or-instead-of-and"));
        Assert.Null(RuleCatalogue.Find("SCTP099"));
    }

    [Fact]
    public void The_table_of_the_docs_is_the_catalogue()
    {
        var rows = File.ReadLines(Path.Combine(LintFolder.Root, "../../../docs/lint.md")).Where(line => line.StartsWith("| SCTP", StringComparison.Ordinal));
        Assert.Equal(RuleCatalogue.All.Select(rule =>
            $"| {rule.Info.Id} | {rule.Info.Name} | {rule.Info.Severity.ToString().ToLowerInvariant()} | {rule.Needs.ToString().ToLowerInvariant()} | {(rule.IsFixable ? "yes" : "")} | {rule.Info.Summary.Replace("|", "\\|", StringComparison.Ordinal)} |"), rows);
    }
}
