using Spectre.Console;
using Trunkline.Cli.Output;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Findings;
using Trunkline.Operations.Lint;
using Trunkline.Operations.Lint.Catalogue;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Lint.Silencing;
using Trunkline.Operations.Objects;

namespace Trunkline.Cli.Lint;

/// <summary>One call of <c>trunkline lint</c>.</summary>
internal sealed class LintRun(IAnsiConsole console)
{
    public required IReadOnlyList<string> Paths { get; init; }

    public ClusterTarget? Target { get; init; }

    public string? From { get; init; }

    public string? Namespace { get; init; }

    public bool Fix { get; init; }

    public bool Diff { get; init; }

    public string? Config { get; init; }

    public ReportFormat Format { get; init; }

    /// <summary>Runs; gives the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        Demand(Paths.Count > 0 || Target is not null || From is not null, "lint what? Name files, folders, - for standard input, --cluster or --from.");
        Demand(Target is null || From is null, "--cluster and --from are two clusters; name one.");
        Demand(!(Fix && Diff), "--fix changes files and --diff changes nothing; name one.");
        Demand(!Fix || !Paths.Contains("-"), "--fix cannot change standard input; use --diff.");
        Demand(!Diff || Format == ReportFormat.Text, "--diff prints a diff; it has no other form.");
        var config = ReadConfig();
        using var progress = new LintProgress(Format);
        var files = await LintFiles.ReadAsync(Paths, progress, cancel);
        var options = new LintOptions { Config = config, Cluster = await ObjectsAsync(progress, cancel), Namespace = Namespace };
        var shown = Fix || Diff ? Fixer.Fix([.. files.Select(file => file.File)], options, cancel) : [.. files.Select(file => file.File)];
        var findings = Linter.Run(shown, options, done => progress.Show($"linted {done} of {shown.Count} files", done), cancel);
        progress.Clear();
        var told = Finding.Ordered(findings.Select(finding => finding.Finding));
        if (Diff)
        {
            Console.Out.Write(string.Concat(files.Zip(shown, (before, after) => UnifiedDiff.Of(before.File.Source.Name, before.File.Source.Text, after.Source.Text))));
            return FindingsPrinter.ExitCode(Finding.Ordered(Linter.Run([.. files.Select(file => file.File)], options, null, cancel).Select(finding => finding.Finding)));
        }

        if (Fix)
        {
            var changed = LintFiles.Write(files, shown);
            await Console.Error.WriteLineAsync($"trunkline: {changed} {(changed == 1 ? "file" : "files")} changed; what is left:");
        }

        FindingsPrinter.Print(console, "lint", [.. RuleCatalogue.All.Select(rule => rule.Info)], told, Format);
        return FindingsPrinter.ExitCode(told);
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new LintCallException(otherwise);
        }
    }

    private LintConfig ReadConfig()
    {
        var file = Config ?? (File.Exists(LintConfig.FileName) ? LintConfig.FileName : null);
        try
        {
            return file is null ? LintConfig.None : LintConfig.Parse(file, File.ReadAllText(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LintCallException($"the configuration {file} cannot be read: {error.Message}");
        }
    }

    private async Task<ClusterObjects?> ObjectsAsync(LintProgress progress, CancellationToken cancel)
    {
        if (From is not null)
        {
            return await ArchiveObjects.ReadAsync(From, count => progress.Show($"read {count} files of {From}", count), cancel);
        }

        if (Target is null)
        {
            return null;
        }

        using var api = new ClusterApi(Target);
        var objects = await LiveObjects.ReadAsync(api, ResourceKinds.All, Paths.Count == 0 ? Namespace : null, (kind, count) => progress.Show($"read {count} {kind}", 0), cancel);
        if (objects.Unread.Count > 0)
        {
            await Console.Error.WriteLineAsync($"trunkline: linted without {string.Join(", ", objects.Unread.Select(unread => unread.Kind))}, which could not be read ({objects.Unread[0].Why}).");
        }

        return objects;
    }
}
