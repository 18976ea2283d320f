using Trunkline.Operations.Lint;
using Trunkline.Operations.Lint.Silencing;
using Trunkline.Operations.Lint.Sources;
using Xunit;

namespace Trunkline.Operations.Tests.Lint;

/// <summary>A rule is silenced with a reason, or not at all.</summary>
public sealed class SilencingTests
{
    private const string Open = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: open, namespace: b}\nspec:\n  policyTypes: [Ingress]\n  podSelector: {}\n  ingress: [{ports: [{protocol: SCTP, port: 1}]}]\n";

    [Theory]
    [InlineData("# trunkline-lint: ignore SCTP015 the gNBs' addresses are not known\n" + Open, "")]
    [InlineData(Open + "# trunkline-lint: ignore open-source by name as well\n", "")]
    [InlineData("# trunkline-lint: ignore SCTP009, SCTP015 two at once\n" + Open, "")]
    [InlineData("# trunkline-lint: ignore SCTP015 only this document\n" + Open + "---\n" + Open, "SCTP015")]
    [InlineData(Open + "---\n" + Open + "# trunkline-lint: ignore-file SCTP015 all of them\n", "")]
    [InlineData("# trunkline-lint: ignore SCTP015\n" + Open, "SCTP000 SCTP015")]
    [InlineData("# trunkline-lint: ignore SCTP999 there is no such rule\n" + Open, "SCTP000 SCTP015")]
    [InlineData("# trunkline-lint: hush SCTP015 reason\n" + Open, "SCTP000 SCTP015")]
    [InlineData("# trunkline-lint: ignore SCTP009 another rule\n" + Open, "SCTP015")]
    public void Comments(string text, string rules) => Assert.Equal(rules, Rules("a.yaml", text, LintConfig.None));

    [Theory]
    [InlineData("<!-- trunkline-lint: ignore SCTP015 an example -->\n```yaml\n" + Open + "```\n", "")]
    [InlineData("```yaml\n# trunkline-lint: ignore SCTP015 an example\n" + Open + "```\n", "")]
    [InlineData("```yaml\n# trunkline-lint: ignore SCTP015 an example\n" + Open + "```\n```yaml\n" + Open + "```\n", "SCTP015")]
    [InlineData("```bash\n# trunkline-lint: ignore SCTP041 it is shown because it is wrong\noc get svc -wide # sctp\n```\n", "")]
    public void Comments_of_pages(string text, string rules) => Assert.Equal(rules, Rules("a.md", text, LintConfig.None));

    [Theory]
    [InlineData("off", "")]
    [InlineData("error", "SCTP015 Error")]
    public void A_configuration_takes_rules_out_and_changes_severities(string severity, string expected)
    {
        var config = LintConfig.Parse("c.yaml", $"rules:\n  SCTP015:\n    severity: {severity}\n    reason: decided in the architecture meeting\n");
        var found = Linter.Run([LintFile.Read(new SourceText("a.yaml", Open))], new LintOptions { Config = config }, null, TestContext.Current.CancellationToken);
        Assert.Equal(expected, string.Join(' ', found.Select(finding => $"{finding.Finding.Rule} {finding.Finding.Severity}")));
    }

    [Theory]
    [InlineData("rules:\n  SCTP999: {severity: off, reason: x}\n", "c.yaml:2:3: there is no rule SCTP999")]
    [InlineData("rules:\n  SCTP015: {severity: off}\n", "c.yaml:2:3: SCTP015 needs a reason")]
    [InlineData("rules:\n  SCTP015: {severity: off, reason: ''}\n", "c.yaml:2:3: SCTP015 needs a reason")]
    [InlineData("rules:\n  SCTP015: {severity: fatal, reason: x}\n", "c.yaml:2:23: severity of SCTP015 is off, info, warning or error, not fatal")]
    [InlineData("rules:\n  SCTP015: {reason: x}\n", "not missing")]
    [InlineData("rules:\n  SCTP015: off\n", "c.yaml:2:12: SCTP015 needs severity and reason")]
    [InlineData("rulez: {}\n", "c.yaml:1:1: there is no key rulez")]
    [InlineData("rules: [\n", "c.yaml: line 2")]
    public void A_configuration_that_is_wrong_is_refused_with_its_place(string text, string words) =>
        Assert.Contains(words, Assert.Throws<LintConfigException>(() => LintConfig.Parse("c.yaml", text)).Message, StringComparison.Ordinal);

    private static string Rules(string name, string text, LintConfig config) =>
        string.Join(' ', Linter.Run([LintFile.Read(new SourceText(name, text))], new LintOptions { Config = config }, null, TestContext.Current.CancellationToken).Select(finding => finding.Finding.Rule).Distinct().Order(StringComparer.Ordinal));
}
