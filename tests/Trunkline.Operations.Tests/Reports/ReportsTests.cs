using System.Text.Json.Nodes;
using Trunkline.Operations.Findings;
using Trunkline.Operations.Reports;
using Xunit;

namespace Trunkline.Operations.Tests.Reports;

public sealed class ReportsTests
{
    private static readonly RuleInfo[] s_rules = [new("SCTP001", "first", Severity.Error, "One.", "Why.", "RFC 9260"), new("SCTP002", "second", Severity.Info, "Two.", "Why.", "RFC 9260")];
    private static readonly IReadOnlyList<Finding> s_findings = Finding.Ordered(
    [
        new("SCTP002", Severity.Info, "minor"),
        new("SCTP001", Severity.Error, "later") { Place = new Place("a b.yaml", 9, 1, 9, 4) },
        new("SCTP001", Severity.Error, "bad \u0001 <name>") { Place = new Place("a b.yaml", 3, 5, 3, 9), Subject = "Pod x/y", Evidence = ["seen"], Fix = "do it" },
    ]);

    [Fact]
    public void The_worst_stand_first_and_then_by_place() => Assert.Equal(["bad \u0001 <name>", "later", "minor"], s_findings.Select(finding => finding.Message));

    [Fact]
    public void Json_has_every_field()
    {
        var document = FindingsJson.Document("LintReport", s_findings);
        Assert.Equal("""{"errors":2,"warnings":0,"infos":1}""", document["summary"]!.ToJsonString());
        Assert.Equal("""{"rule":"SCTP001","severity":"error","object":"Pod x/y","file":"a b.yaml","line":3,"column":5,"endLine":3,"endColumn":9,"message":"bad \u0001 \u003Cname\u003E","evidence":["seen"],"fix":"do it"}""",
            document["findings"]![0]!.ToJsonString());
    }

    [Fact]
    public void Sarif_names_rule_level_and_region()
    {
        var run = Sarif.Log(s_rules, s_findings, "1.0.0")["runs"]![0]!;
        Assert.Equal(["SCTP001", "SCTP002"], run["tool"]!["driver"]!["rules"]!.AsArray().Select(rule => rule!["id"]!.GetValue<string>()));
        var results = run["results"]!.AsArray();
        Assert.Equal(["error", "error", "note"], results.Select(result => result!["level"]!.GetValue<string>()));
        Assert.Equal(0, results[0]!["ruleIndex"]!.GetValue<int>());
        var location = results[0]!["locations"]![0]!["physicalLocation"]!;
        Assert.Equal("a%20b.yaml", location["artifactLocation"]!["uri"]!.GetValue<string>());
        Assert.Equal(3, location["region"]!["startLine"]!.GetValue<int>());
        Assert.Null(((JsonObject)results[2]!)["locations"]);
    }

    [Fact]
    public void Junit_is_xml_with_one_case_a_rule()
    {
        var text = JUnit.Document("trunkline lint", s_rules, s_findings).ToString();
        var suite = System.Xml.Linq.XDocument.Parse(text).Root!.Element("testsuite")!;
        Assert.Equal(("2", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value));
        Assert.Contains("\\u0001 <name>", suite.Descendants("failure").Single().Value, StringComparison.Ordinal);
        Assert.Equal("minor", suite.Descendants("system-out").Single().Value);
    }
}
