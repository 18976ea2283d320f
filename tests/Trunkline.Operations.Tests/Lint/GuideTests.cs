using Trunkline.Operations.Lint;
using Trunkline.Operations.Lint.Sources;
using Xunit;

namespace Trunkline.Operations.Tests.Lint;

/// <summary>The guide as written has the defects that reference/cluster.md, section 3, lists for it.</summary>
public sealed class GuideTests
{
    private static readonly string s_guide = Path.Combine(Environment.GetEnvironmentVariable("TRUNKLINE_ROOT") ?? Directory.GetCurrentDirectory(), "../shared/guide");

    [Fact]
    public void Its_defects_are_found_where_they_stand()
    {
        var file = Path.Combine(s_guide, "guide.ko.md");
        Assert.SkipUnless(File.Exists(file), $"{file} is not here: the guide is handed to sessions beside the repository");
        var found = Linter.Run([LintFile.Read(new SourceText("guide.ko.md", File.ReadAllText(file)))], new LintOptions(), null, TestContext.Current.CancellationToken)
            .Select(finding => $"{finding.Finding.Rule} {finding.Finding.Place!.Line}").ToHashSet();
        Assert.Empty(Expected.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Replace(':', ' ')).Except(found));
    }

    // One a defect: rule and line.
    private const string Expected = """
        SCTP001:279 SCTP002:302 SCTP003:300 SCTP004:318 SCTP004:328 SCTP005:318 SCTP005:328 SCTP006:330 SCTP007:318 SCTP007:328 SCTP008:280 SCTP009:65 SCTP009:280 SCTP009:294
        SCTP010:63 SCTP010:139 SCTP010:171 SCTP010:201 SCTP010:278 SCTP010:292 SCTP011:305 SCTP012:300 SCTP013:281 SCTP014:297 SCTP015:69 SCTP016:63 SCTP016:278 SCTP019:181 SCTP020:175 SCTP021:150
        SCTP022:47 SCTP023:32 SCTP023:48 SCTP024:96 SCTP024:101 SCTP027:86 SCTP029:84 SCTP030:117 SCTP031:122 SCTP032:148 SCTP032:210 SCTP033:144 SCTP034:231 SCTP035:204 SCTP036:264
        SCTP037:145 SCTP037:207 SCTP038:111 SCTP038:159 SCTP038:189 SCTP039:81 SCTP039:135 SCTP039:167 SCTP039:197 SCTP040:81 SCTP041:247 SCTP042:13 SCTP042:259 SCTP042:264 SCTP042:276 SCTP042:323
        SCTP043:318 SCTP044:318
        """;
}
