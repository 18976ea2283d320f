using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Trunkline.Cli.Output;
using Trunkline.Operations.Lint.Catalogue;

namespace Trunkline.Cli.Lint;

/// <summary>Explains rules.</summary>
internal static class LintExplainer
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Explains one rule, or all.</summary>
    public static int Explain(IAnsiConsole console, string asked, ReportFormat format)
    {
        IReadOnlyList<LintRule> rules = asked is "all" or "list" ? RuleCatalogue.All
            : RuleCatalogue.Find(asked) is { } one ? [one]
            : throw new LintCallException($"there is no rule {asked}; `trunkline lint --explain all` lists them.");
        if (format == ReportFormat.Json)
        {
            Console.Out.WriteLine(new JsonObject { ["apiVersion"] = "trunkline/v1", ["kind"] = "LintRules", ["rules"] = new JsonArray([.. rules.Select(Json)]) }.ToJsonString(s_indented));
            return 0;
        }

        foreach (var rule in rules)
        {
            console.MarkupLineInterpolated($"[bold]{rule.Info.Id}[/] {rule.Info.Name} ({Word(rule)}{(rule.IsFixable ? ", --fix" : "")}){Environment.NewLine}  {rule.Info.Summary}{Environment.NewLine}  {rule.Info.Explanation}{Environment.NewLine}  Source: {rule.Info.Source}");
            console.WriteLine();
        }

        return 0;
    }

    private static JsonObject Json(LintRule rule) => new()
    {
        ["rule"] = rule.Info.Id,
        ["name"] = rule.Info.Name,
        ["severity"] = Word(rule),
        ["fixable"] = rule.IsFixable,
        ["needs"] = rule.Needs.ToString().ToLowerInvariant(),
        ["summary"] = rule.Info.Summary,
        ["explanation"] = rule.Info.Explanation,
        ["source"] = rule.Info.Source,
    };

    private static string Word(LintRule rule) => rule.Info.Severity.ToString().ToLowerInvariant();
}
