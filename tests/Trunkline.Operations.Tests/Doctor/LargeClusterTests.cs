using System.Diagnostics;
using Trunkline.Operations.Doctor;
using Trunkline.Operations.Doctor.Facts;
using Xunit;

namespace Trunkline.Operations.Tests.Doctor;

/// <summary>5,000 Pods and 500 policies. The figures are printed and held to nothing, for a test machine may be busy; docs/doctor.md has them.</summary>
public sealed class LargeClusterTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(5_000, 500, false)]
    [InlineData(5_000, 500, true)]
    public void A_large_cluster_is_examined_whole(int pods, int policies, bool dense)
    {
        var objects = LargeCluster.Make(pods, policies, dense);
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        var findings = DoctorExamination.Examine(objects, ProbeFacts.None);
        output.WriteLine($"{pods} Pods, {policies} policies{(dense ? ", a hundred over each Pod" : "")}: {watch.Elapsed.TotalSeconds:0.00} s; objects {before >> 20} MB, process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        output.WriteLine(string.Join("\n", findings.GroupBy(finding => finding.Rule).Select(rule => $"{rule.Key}: {rule.Count()}")));
        Assert.True(dense || findings.Count == 0, string.Join("\n", findings.Take(10).Select(finding => $"{finding.Rule} {finding.Message} {string.Join("; ", finding.Evidence)}")));
    }
}
