using Trunkline.Operations.Lint;
using Trunkline.Operations.Lint.Sources;
using Xunit;

namespace Trunkline.Operations.Tests.Lint;

/// <summary>Files of all forms: what is read, what is refused with its place, and exact positions.</summary>
public sealed class SourceTests
{
    private const string Null = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: b}\nspec:\n  podSelector: null\n  policyTypes: [Ingress]\n";

    [Fact]
    public void A_broken_document_is_one_finding_with_its_place_and_hides_no_other() =>
        Assert.Equal(["a.yaml:5:16 SCTP008", "a.yaml:9:4 SCTP000", "a.yaml:16:16 SCTP008"], Found("a.yaml", $"{Null}---\nkind: Pod\n  a: [\nb\n---\n{Null}"));

    [Fact]
    public void A_key_that_stands_twice_is_told() =>
        Assert.Equal(["a.yaml:7:3 SCTP000"], Found("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  b: c\n  b: d\n"));

    [Fact]
    public void Json_indented_by_tabs_and_lists_are_read() =>
        Assert.Equal(["a.json:4:17 SCTP008"], Found("a.json", "{\n\t\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [{\"apiVersion\": \"networking.k8s.io/v1\", \"kind\": \"NetworkPolicy\",\n\t\"metadata\": {\"name\": \"a\", \"namespace\": \"b\"}, \"spec\": {\n\t\"podSelector\":\tnull, \"policyTypes\": [\"Ingress\"]}}]\n}\n"));

    [Fact]
    public void Windows_line_ends_count_as_line_ends() => Assert.Equal(["a.yaml:5:16 SCTP008"], Found("a.yaml", Null.Replace("\n", "\r\n", StringComparison.Ordinal)));

    [Theory]
    [InlineData("a.md", "  ```yaml\n", "  ", "  ```\n", "a.md:6:18")]
    [InlineData("a.md", "- x\n\n      ```\n", "      ", "      ```\n", "a.md:8:22")]
    [InlineData("a.md", "~~~yml\n", "", "~~~\n", "a.md:6:16")]
    [InlineData("a.md", "````yaml\n", "", "````\n", "a.md:6:16")]
    [InlineData("a.md", "```sh\noc apply -f - <<'EOF'\n", "", "EOF\n```\n", "a.md:7:16")]
    [InlineData("a.md", "  ```console\n  $ oc apply -f - <<EOF\n", "  ", "  EOF\n  ```\n", "a.md:7:18")]
    [InlineData("a.sh", "#!/bin/sh\ncat <<EOF | oc apply -f -\n", "", "EOF\n", "a.sh:7:16")]
    [InlineData("-", "# notes\n\n```yaml\n", "", "```\n", "-:8:16")]
    public void Manifests_in_pages_and_scripts_stand_where_they_stand(string name, string before, string indent, string after, string place) =>
        Assert.Equal([$"{place} SCTP008"], Found(name, before + string.Concat(Null.Split('\n')[..^1].Select(line => $"{indent}{line}\n")) + after));

    [Theory]
    [InlineData("{{- if .Values.on }}\napiVersion: v1\nkind: Service\n{{- end }}\n")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n")]
    public void A_template_is_told_and_not_linted(string text)
    {
        var finding = Assert.Single(Linter.Run([LintFile.Read(new SourceText("a.yaml", text))], new LintOptions(), null, TestContext.Current.CancellationToken));
        Assert.Contains("template", finding.Finding.Message, StringComparison.Ordinal);
        Assert.Contains("helm template", finding.Finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_manifest_is_passed_over_in_folders_and_told_where_it_was_named()
    {
        Assert.Empty(Found("tsconfig.json", "{ // comment\n \"a\": [,] }", named: false));
        Assert.Single(Found("tsconfig.json", "{ // comment\n \"a\": [,] }"));
        Assert.Empty(Found("page.md", "```yaml\na: [\n```\n"));
    }

    [Fact]
    public void Kustomizations_give_namespaces_and_their_patches_are_no_objects()
    {
        var files = new[]
        {
            LintFile.Read(new SourceText("k/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: x\nresources: [a.yaml, ../b.yaml, 'http://c']\npatches: [{path: p.yaml}]\n")),
            LintFile.Read(new SourceText("k/a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: sctp}\nspec: {selector: {a: b}, ports: [{port: 1, protocol: SCTP}]}\n")),
            LintFile.Read(new SourceText("k/p.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: sctp}\nspec: {ports: [{port: 1, protocol: SCTP}]}\n")),
        };
        Assert.Empty(Linter.Run(files, new LintOptions(), null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_file_that_is_no_text_is_refused_in_words()
    {
        Assert.Contains("UTF-8", FileText.Of([0xff, 0xfe, 0x41, 0x00]).Problem, StringComparison.Ordinal);
        var marked = FileText.Of([0xEF, 0xBB, 0xBF, 0x61]);
        Assert.Equal(("a", true), (marked.Text, marked.HasMark));
        Assert.Equal([0xEF, 0xBB, 0xBF, 0x62], marked.Bytes("b"));
    }

    private static IEnumerable<string> Found(string name, string text, bool named = true) =>
        LintFolder.Lines(Linter.Run([LintFile.Read(new SourceText(name, text), named)], new LintOptions(), null, TestContext.Current.CancellationToken));
}
