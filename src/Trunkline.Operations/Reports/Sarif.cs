using System.Text.Json.Nodes;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Reports;

/// <summary>Findings as SARIF 2.1.0 (OASIS), which code hosts show beside the lines at fault.</summary>
public static class Sarif
{
    /// <summary>Makes the log of one run.</summary>
    /// <param name="rules">All rules that were asked, also those that found nothing.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="version">The version of Trunkline.</param>
    public static JsonObject Log(IReadOnlyList<RuleInfo> rules, IReadOnlyList<Finding> findings, string version)
    {
        var order = rules.Select((rule, index) => (rule.Id, index)).ToDictionary(StringComparer.Ordinal);
        return new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject { ["name"] = "trunkline", ["version"] = version, ["rules"] = new JsonArray([.. rules.Select(Rule)]) },
                },
                ["columnKind"] = "utf16CodeUnits",
                ["results"] = new JsonArray([.. findings.Select(finding => Result(finding, order))]),
            }),
        };
    }

    private static JsonObject Rule(RuleInfo rule) => new()
    {
        ["id"] = rule.Id,
        ["name"] = rule.Name,
        ["shortDescription"] = Text(rule.Summary),
        ["fullDescription"] = Text(rule.Explanation),
        ["help"] = Text($"{rule.Explanation} Source: {rule.Source}."),
        ["defaultConfiguration"] = new JsonObject { ["level"] = Level(rule.Severity) },
    };

    private static JsonObject Result(Finding finding, Dictionary<string, int> order)
    {
        var words = string.Join("\n", [finding.Message, .. finding.Evidence, .. finding.Fix is null ? Array.Empty<string>() : [$"Fix: {finding.Fix}"]]);
        var result = new JsonObject { ["ruleId"] = finding.Rule, ["level"] = Level(finding.Severity), ["message"] = Text(words) };
        if (order.TryGetValue(finding.Rule, out var index))
        {
            result["ruleIndex"] = index;
        }

        if (Location(finding) is { } location)
        {
            result["locations"] = new JsonArray(location);
        }

        return result;
    }

    private static JsonObject? Location(Finding finding)
    {
        if (finding.Place is null && finding.Subject is null)
        {
            return null;
        }

        var location = new JsonObject();
        if (finding.Place is { } place)
        {
            location["physicalLocation"] = new JsonObject
            {
                ["artifactLocation"] = new JsonObject { ["uri"] = Uri.EscapeDataString(place.File).Replace("%2F", "/", StringComparison.Ordinal) },
                ["region"] = new JsonObject { ["startLine"] = place.Line, ["startColumn"] = place.Column, ["endLine"] = place.EndLine, ["endColumn"] = place.EndColumn },
            };
        }

        if (finding.Subject is { } named)
        {
            location["logicalLocations"] = new JsonArray(new JsonObject { ["fullyQualifiedName"] = named });
        }

        return location;
    }

    private static string Level(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };

    private static JsonObject Text(string text) => new() { ["text"] = text };
}
