using System.Text.Json.Nodes;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Reports;

/// <summary>Findings as Trunkline's own JSON: one document, <c>apiVersion</c> <c>trunkline/v1</c>, whose shape only grows.</summary>
public static class FindingsJson
{
    /// <summary>The version of the shape.</summary>
    public const string ApiVersion = "trunkline/v1";

    /// <summary>Makes the document.</summary>
    /// <param name="kind">What it is a report of, such as <c>LintReport</c>.</param>
    /// <param name="findings">What was found, in the order in which it is to stand.</param>
    public static JsonObject Document(string kind, IReadOnlyList<Finding> findings) => new()
    {
        ["apiVersion"] = ApiVersion,
        ["kind"] = kind,
        ["summary"] = new JsonObject
        {
            ["errors"] = findings.Count(finding => finding.Severity == Severity.Error),
            ["warnings"] = findings.Count(finding => finding.Severity == Severity.Warning),
            ["infos"] = findings.Count(finding => finding.Severity == Severity.Info),
        },
        ["findings"] = new JsonArray([.. findings.Select(One)]),
    };

    private static JsonObject One(Finding finding) => new()
    {
        ["rule"] = finding.Rule,
        ["severity"] = finding.Severity.ToString().ToLowerInvariant(),
        ["object"] = finding.Subject,
        ["file"] = finding.Place?.File,
        ["line"] = finding.Place?.Line,
        ["column"] = finding.Place?.Column,
        ["endLine"] = finding.Place?.EndLine,
        ["endColumn"] = finding.Place?.EndColumn,
        ["message"] = finding.Message,
        ["evidence"] = new JsonArray([.. finding.Evidence.Select(fact => (JsonNode)fact)]),
        ["fix"] = finding.Fix,
    };
}
