using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Trunkline.Operations.Findings;
using Trunkline.Operations.Reports;

namespace Trunkline.Cli.Output;

/// <summary>Prints findings in the form that was asked for.</summary>
internal static class FindingsPrinter
{
    /// <summary>The exit code when the worst finding is a warning.</summary>
    public const int WarningsOnly = 8;

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The exit code by severity: 1 with an error, 8 with warnings only, else 0.</summary>
    public static int ExitCode(IReadOnlyList<Finding> findings) => findings.Count == 0 ? 0 : findings.Max(finding => finding.Severity) switch
    {
        Severity.Error => 1,
        Severity.Warning => WarningsOnly,
        _ => 0,
    };

    /// <summary>Prints.</summary>
    /// <param name="console">Where people read.</param>
    /// <param name="verb">The verb, such as <c>lint</c>; its report's kind is <c>LintReport</c>.</param>
    /// <param name="rules">All rules that were asked.</param>
    /// <param name="findings">What was found, in order.</param>
    /// <param name="format">The form.</param>
    public static void Print(IAnsiConsole console, string verb, IReadOnlyList<RuleInfo> rules, IReadOnlyList<Finding> findings, ReportFormat format)
    {
        switch (format)
        {
            case ReportFormat.Json:
                Write(FindingsJson.Document($"{char.ToUpperInvariant(verb[0])}{verb[1..]}Report", findings));
                break;
            case ReportFormat.Sarif:
                Write(Sarif.Log(rules, findings, Version));
                break;
            case ReportFormat.JUnit:
                var document = JUnit.Document($"trunkline {verb}", rules, findings);
                Console.Out.WriteLine($"{document.Declaration}\n{document}");
                break;
            default:
                foreach (var finding in findings)
                {
                    PrintOne(console, finding);
                }

                console.WriteLine(Summary(findings));
                break;
        }
    }

    /// <summary>The version that reports carry.</summary>
    public static string Version { get; } = typeof(FindingsPrinter).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    private static void Write(JsonNode document) => Console.Out.WriteLine(document.ToJsonString(s_indented));

    private static void PrintOne(IAnsiConsole console, Finding finding)
    {
        var (colour, word) = finding.Severity switch
        {
            Severity.Error => ("red", "error"),
            Severity.Warning => ("yellow", "warning"),
            _ => ("blue", "info"),
        };
        var where = finding.Place is { } place ? $"{place.File}:{place.Line}:{place.Column}: " : "";
        console.MarkupLine($"{Markup.Escape(where)}[{colour}]{word}[/] [bold]{Markup.Escape(finding.Rule)}[/] {Markup.Escape(Shown(finding.Message))}");
        foreach (var fact in finding.Evidence)
        {
            console.MarkupLine($"    [grey]{Markup.Escape(Shown(fact))}[/]");
        }

        if (finding.Fix is { } fix)
        {
            console.MarkupLine($"    [green]fix:[/] {Markup.Escape(Shown(fix))}");
        }
    }

    private static string Summary(IReadOnlyList<Finding> findings) => findings.Count == 0
        ? "nothing found"
        : $"{findings.Count(finding => finding.Severity == Severity.Error)} errors, {findings.Count(finding => finding.Severity == Severity.Warning)} warnings, {findings.Count(finding => finding.Severity == Severity.Info)} infos";

    // Names in manifests come from elsewhere: what would move a terminal's cursor is shown, not obeyed.
    private static string Shown(string text) => string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? $"\\x{(int)c:x2}" : c.ToString()));
}
