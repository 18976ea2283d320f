using Trunkline.Operations.Doctor;
using Xunit;

namespace Trunkline.Operations.Tests.Doctor;

public sealed class DoctorDocsTests
{
    [Fact]
    public void The_table_of_docs_is_the_catalogue()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Trunkline.slnx")))
        {
            folder = folder.Parent;
        }

        var docs = Path.Combine(folder!.FullName, "docs", "doctor.md");
        var rows = File.ReadAllLines(docs).Where(line => line.StartsWith("| DOC", StringComparison.Ordinal));
        Assert.Equal(DoctorChecks.Rules.Select(rule => $"| {rule.Id} | {rule.Name} | {rule.Severity.ToString().ToLowerInvariant()} | {rule.Summary} |"), rows);
    }

    [Fact]
    public void Every_check_says_why_and_where_it_is_written()
    {
        Assert.Equal(DoctorChecks.Rules.Count, DoctorChecks.Rules.Select(rule => rule.Id).Distinct().Count());
        Assert.Equal(DoctorChecks.Rules.Count, DoctorChecks.Rules.Select(rule => rule.Name).Distinct().Count());
        Assert.All(DoctorChecks.Rules, rule => Assert.True(rule.Explanation.Length > 60 && rule.Source.Length > 3 && rule.Summary.EndsWith('.'), rule.Id));
    }
}
