using System.Text;
using System.Xml.Linq;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Reports;

/// <summary>Findings as JUnit's XML, which CI systems show as tests: one case a rule; a rule that found errors or warnings has failed.</summary>
public static class JUnit
{
    /// <summary>Makes the document.</summary>
    /// <param name="suite">The name of the suite, such as <c>trunkline doctor</c>.</param>
    /// <param name="rules">All rules that were asked.</param>
    /// <param name="findings">What was found.</param>
    public static XDocument Document(string suite, IReadOnlyList<RuleInfo> rules, IReadOnlyList<Finding> findings)
    {
        var byRule = findings.ToLookup(finding => finding.Rule, StringComparer.Ordinal);
        var cases = rules.Select(rule => Case(suite, rule, [.. byRule[rule.Id]])).ToList();
        var failed = cases.Count(one => one.Element("failure") is not null);
        return new XDocument(new XDeclaration("1.0", "utf-8", null), new XElement("testsuites",
            new XElement("testsuite", new XAttribute("name", suite), new XAttribute("tests", cases.Count), new XAttribute("failures", failed), cases)));
    }

    private static XElement Case(string suite, RuleInfo rule, IReadOnlyList<Finding> findings)
    {
        var element = new XElement("testcase", new XAttribute("classname", suite), new XAttribute("name", $"{rule.Id} {rule.Name}"));
        var failures = findings.Where(finding => finding.Severity > Severity.Info).ToList();
        if (failures.Count > 0)
        {
            element.Add(new XElement("failure", new XAttribute("type", failures.Max(finding => finding.Severity).ToString()),
                new XAttribute("message", Valid(failures[0].Message)), Valid(string.Join("\n\n", failures.Select(Words)))));
        }

        if (findings.Count > failures.Count)
        {
            element.Add(new XElement("system-out", Valid(string.Join("\n\n", findings.Where(finding => finding.Severity == Severity.Info).Select(Words)))));
        }

        return element;
    }

    private static string Words(Finding finding)
    {
        var words = new StringBuilder();
        if (finding.Place is { } place)
        {
            words.Append(place.File).Append(':').Append(place.Line).Append(':').Append(place.Column).Append(": ");
        }

        words.Append(finding.Message);
        foreach (var fact in finding.Evidence)
        {
            words.Append("\n  ").Append(fact);
        }

        return finding.Fix is null ? words.ToString() : words.Append("\n  fix: ").Append(finding.Fix).ToString();
    }

    // What XML 1.0 cannot hold (most control characters) can stand in a manifest: it is shown, not written.
    private static string Valid(string text) => string.Concat(text.Select(c => System.Xml.XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c.ToString() : $"\\u{(int)c:x4}"));
}
