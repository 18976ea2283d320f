using System.Text.Json.Nodes;
using Spectre.Console;
using Xunit;

namespace Trunkline.Cli.Tests;

/// <summary><c>trunkline lint</c> as it is called: exit codes, forms, fixes in files, configuration.</summary>
[Collection("console")]
public sealed class LintVerbTests : IDisposable
{
    private const string Null = "# kept\r\napiVersion: networking.k8s.io/v1\r\nkind: NetworkPolicy\r\nmetadata: {name: a, namespace: b}\r\nspec:\r\n  podSelector: null   # all\r\n  policyTypes: [Ingress]\r\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trunkline-lint-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", 0)]
    [InlineData(Null, 8)]
    [InlineData("a: [\n", 1)]
    [InlineData("# trunkline-lint: ignore SCTP008 known\n" + Null, 0)]
    public async Task Says_by_its_exit_code_what_was_found(string text, int expected) => Assert.Equal(expected, (await RunAsync(Write("a.yaml", text))).ExitCode);

    [Fact]
    public async Task Json_is_one_document_with_findings()
    {
        var (exit, text) = await RunAsync(Write("a.yaml", Null), "-o", "json");
        var finding = JsonNode.Parse(text)!["findings"]!.AsArray().Single()!;
        Assert.Equal(8, exit);
        Assert.Equal(("SCTP008", "warning", 6, 16), (finding["rule"]!.GetValue<string>(), finding["severity"]!.GetValue<string>(), finding["line"]!.GetValue<int>(), finding["column"]!.GetValue<int>()));
        Assert.EndsWith("a.yaml", finding["file"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("write podSelector: {}", finding["fix"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("sarif", "\"ruleId\": \"SCTP008\"")]
    [InlineData("junit", "<testsuites>")]
    public async Task Other_forms(string form, string words) => Assert.Contains(words, (await RunAsync(Write("a.yaml", Null), "-o", form)).Text, StringComparison.Ordinal);

    [Fact]
    public async Task A_diff_changes_nothing_and_a_fix_changes_only_what_is_wrong()
    {
        var file = Write("a.yaml", Null);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (_, diff) = await RunAsync(file, "--diff");
        Assert.Contains("-  podSelector: null   # all", diff, StringComparison.Ordinal);
        Assert.Contains("+  podSelector: {}   # all", diff, StringComparison.Ordinal);
        Assert.Equal(Null, File.ReadAllText(file));
        Assert.Equal(0, (await RunAsync(file, "--fix")).ExitCode);
        Assert.Equal(Null.Replace("null", "{}", StringComparison.Ordinal), File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_as_a_whole_is_not_changed()
    {
        var text = $"{Null}---\nkind: [\n";
        var file = Write("a.yaml", text);
        Assert.Equal(1, (await RunAsync(file, "--fix")).ExitCode);
        Assert.Equal(text, File.ReadAllText(file));
    }

    [Fact]
    public async Task A_configuration_silences_and_a_wrong_one_ends_the_call()
    {
        var file = Write("a.yaml", Null);
        Assert.Equal(0, (await RunAsync(file, "--config", Write("c.yaml", "rules:\n  SCTP008: {severity: off, reason: known}\n"))).ExitCode);
        Assert.Equal(2, (await RunAsync(file, "--config", Write("d.yaml", "rules:\n  SCTP008: {severity: off}\n"))).ExitCode);
        Assert.Equal(2, (await RunAsync(file, "--config", "missing.yaml")).ExitCode);
    }

    [Fact]
    public async Task Wrong_calls()
    {
        Assert.Equal(2, (await RunAsync()).ExitCode);
        Assert.Equal(2, (await RunAsync("/nowhere.yaml")).ExitCode);
        Assert.Equal(2, (await RunAsync("-", "--fix")).ExitCode);
        Assert.Equal(2, (await RunAsync("--explain", "SCTP099")).ExitCode);
        Assert.Equal(7, (await RunAsync("--from", _folder.FullName)).ExitCode);
    }

    [Fact]
    public async Task Explains()
    {
        var (exit, text) = await RunAsync("--explain", "all", "-o", "json");
        Assert.Equal(0, exit);
        Assert.Equal(47, JsonNode.Parse(text)!["rules"]!.AsArray().Count);
        Assert.Equal(0, (await RunAsync("--explain", "peer-or-instead-of-and")).ExitCode);
    }

    [Fact]
    public async Task Lints_the_objects_of_an_archive()
    {
        Write("svc.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: sctp, namespace: x}\nspec: {ports: [{port: 1, protocol: SCTP, targetPort: 1}]}\n");
        var (exit, text) = await RunAsync("--from", _folder.FullName, "-o", "json");
        Assert.Equal(8, exit);
        var finding = JsonNode.Parse(text)!["findings"]!.AsArray().Single()!;
        Assert.Equal(("SCTP022", "Service x/sctp"), (finding["rule"]!.GetValue<string>(), finding["object"]!.GetValue<string>()));
        Assert.Null(finding["line"]);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static async Task<(int ExitCode, string Text)> RunAsync(params string[] args)
    {
        var (before, errors) = (Console.Out, Console.Error);
        using var written = new StringWriter();
        Console.SetOut(written);
        Console.SetError(TextWriter.Null);
        try
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(written) });
            return (await Root.RunAsync(["lint", .. args], console, TextWriter.Null, TimeProvider.System), written.ToString());
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(errors);
        }
    }
}
