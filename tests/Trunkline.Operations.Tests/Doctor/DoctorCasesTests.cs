using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor;
using Trunkline.Operations.Findings;
using Xunit;

namespace Trunkline.Operations.Tests.Doctor;

/// <summary>Each pain of reference/cluster.md section 2 as objects and probes, beside a twin in which nothing is wrong.</summary>
public sealed class DoctorCasesTests
{
    public static TheoryData<string> Cases => [.. DoctorCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_is_wrong_is_found_once_with_its_evidence_and_its_fix(string name)
    {
        var sick = new DoctorCase(Path.Combine(DoctorCase.Root, name, "sick"));
        var findings = await sick.FindingsAsync();
        Assert.Equal(sick.Expected.Select(line => line.Split(" | ", 3)[0]).Order(StringComparer.Ordinal), findings.Select(Head).Order(StringComparer.Ordinal));
        foreach (var parts in sick.Expected.Select(line => line.Split(" | ", 3)))
        {
            var finding = findings.First(found => Head(found) == parts[0]);
            Assert.Contains(finding.Evidence, line => line.Contains(parts[1], StringComparison.Ordinal));
            Assert.Contains(parts[2], finding.Fix, StringComparison.Ordinal);
            Assert.Contains(finding.Subject!.Split(' ')[1].Split('/')[^1], finding.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nothing_is_found_in_the_healthy_twin(string name)
    {
        var findings = await new DoctorCase(Path.Combine(DoctorCase.Root, name, "healthy")).FindingsAsync();
        Assert.True(findings.Count == 0, string.Join("\n", findings.Select(finding => $"{Head(finding)}: {finding.Message} {string.Join("; ", finding.Evidence)}")));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Narrowed_to_the_object_at_fault_it_is_still_found(string name)
    {
        var sick = new DoctorCase(Path.Combine(DoctorCase.Root, name, "sick"));
        foreach (var finding in await sick.FindingsAsync())
        {
            if (finding.Subject!.Split(' ') is [var kind, var title] && title.Split('/') is var parts
                && ResourceName.Parse($"{kind}/{parts[^1]}", parts[0]) is { } resource)
            {
                Assert.Contains(await sick.FindingsAsync(resource), found => Head(found) == Head(finding));
            }
        }
    }

    [Fact]
    public void All_fifteen_pains_have_cases_and_every_check_is_provoked()
    {
        var names = DoctorCase.Names.ToList();
        Assert.All(Enumerable.Range(1, 15), pain => Assert.Contains(names, name => name.StartsWith($"{pain:00}-", StringComparison.Ordinal)));
        var provoked = names.SelectMany(name => new DoctorCase(Path.Combine(DoctorCase.Root, name, "sick")).Expected).Select(line => line.Split(' ')[1]).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(["DOC190", "DOC191"], DoctorChecks.Rules.Select(rule => rule.Id).Where(id => !provoked.Contains(id)));
    }

    [Fact]
    public async Task What_concerns_another_object_is_not_told_of_this_one()
    {
        var sick = new DoctorCase(Path.Combine(DoctorCase.Root, "05-service-tcp", "sick"));
        Assert.Empty(await sick.FindingsAsync(new ResourceName(ResourceKinds.Pod, "core", "gnb")));
        Assert.Single(await sick.FindingsAsync(new ResourceName(ResourceKinds.Service, "core", "amf")));
        Assert.Single(await sick.FindingsAsync(new ResourceName(ResourceKinds.Pod, "core", "amf")));
        var missing = await Assert.ThrowsAsync<ClusterException>(() => sick.FindingsAsync(new ResourceName(ResourceKinds.Service, "core", "none")));
        Assert.Contains("no Service core/none", missing.Message, StringComparison.Ordinal);
    }

    private static string Head(Finding finding) => $"{finding.Severity.ToString().ToLowerInvariant()} {finding.Rule} {finding.Subject}";
}
