using Spectre.Console;
using Trunkline.Lab;
using Xunit;

namespace Trunkline.Cli.Tests;

/// <summary>A call that is wrong: one sentence that says what, and where to read on; exit code 2.</summary>
public sealed class CallTests
{
    [Theory]
    [InlineData("", "trunkline: trunkline what? See `trunkline --help`.")]
    [InlineData("lab", "trunkline: Required command was not provided. See `trunkline lab --help`.")]
    [InlineData("lab up --workers abc", "trunkline: --workers is a whole number from 0 to 64, not \"abc\". See `trunkline lab up --help`.")]
    [InlineData("lab up --workers 65", "trunkline: --workers is a whole number from 0 to 64, not \"65\". See `trunkline lab up --help`.")]
    [InlineData("lab up --port 0", "trunkline: --port is a whole number from 1 to 65535, not \"0\". See `trunkline lab up --help`.")]
    [InlineData("guide --workers 0", "trunkline: --workers is a whole number from 1 to 64, not \"0\". See `trunkline guide --help`.")]
    [InlineData("guide --output xml", "trunkline: --output is text or json, not \"xml\". See `trunkline guide --help`.")]
    [InlineData("enable --timeout 45", "trunkline: --timeout is a whole number with s, m or h, such as 45m, not \"45\". See `trunkline enable --help`.")]
    [InlineData("enable --output yaml", "trunkline: --output yaml needs --dry-run: it prints manifests and applies none. See `trunkline enable --help`.")]
    [InlineData("disable --from x", "trunkline: --from needs --dry-run: an archive cannot be changed. See `trunkline disable --help`.")]
    [InlineData("rbac enable --to jane", "trunkline: --to is user:NAME, group:NAME or serviceaccount:NAMESPACE:NAME, not \"jane\". See `trunkline rbac --help`.")]
    public async Task Says_what_is_wrong_in_one_line(string call, string expected)
    {
        var (exit, errors) = await RunAsync(call);

        Assert.Equal((int)LabFailure.Usage, exit);
        Assert.Equal(expected + Environment.NewLine, errors);
    }

    [Theory]
    [InlineData("lab upp", "upp")]
    [InlineData("guide --walk", "--walk")]
    [InlineData("lab up extra", "extra")]
    public async Task Names_a_word_that_it_does_not_know(string call, string word)
    {
        var (exit, errors) = await RunAsync(call);

        Assert.Equal((int)LabFailure.Usage, exit);
        Assert.Contains($"'{word}'", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("lab u", "up")]
    [InlineData("policy ", "explain,diff,matrix,verify")]
    [InlineData("policy diff --li", "--limit")]
    public void Completes_what_a_shell_asks_for(string line, string words)
    {
        var completions = Root.Create(AnsiConsole.Console, TimeProvider.System).Parse(line).GetCompletions(line.Length).Select(item => item.Label).ToList();

        Assert.Superset(words.Split(',').ToHashSet(), completions.ToHashSet());
        Assert.All(completions, word => Assert.False(word.StartsWith("lab-", StringComparison.Ordinal)));
    }

    private static async Task<(int ExitCode, string Errors)> RunAsync(string call)
    {
        var errors = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(new StringWriter()) });
        var exit = await Root.RunAsync(call.Split(' ', StringSplitOptions.RemoveEmptyEntries), console, errors, TimeProvider.System);
        return (exit, errors.ToString());
    }
}
