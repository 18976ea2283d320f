using Trunkline.Operations.Findings;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>Findings of SCTP046 in the words of an API server: <c>The NetworkPolicy "x" is invalid: spec…: Invalid value: …</c>.</summary>
internal sealed class Refusals(LintDocument document, LintReport report)
{
    private static readonly string[] s_selectorFields = ["matchLabels", "matchExpressions"];

    public void Invalid(ManifestNode at, string path, object value, string why) => Add(at, $"{path}: Invalid value: {value}: {why}");

    public void Required(ManifestNode at, string path, string why) => Add(at, $"{path}: Required value{(why.Length > 0 ? $": {why}" : "")}");

    public void Forbidden(ManifestNode at, string path, string why) => Add(at, $"{path}: Forbidden: {why}");

    public void NotSupported(ManifestNode at, string path, string value, string supported, string? meant) =>
        Add(at, $"{path}: Unsupported value: \"{value}\": supported values: {supported}", meant is null ? null : $"write {meant}", meant is null ? null : Edits.Replace(document, at, at.Style == YamlDotNet.Core.ScalarStyle.DoubleQuoted ? $"\"{meant}\"" : meant));

    public void Warn(ManifestNode at, string message, string fix, IReadOnlyList<TextEdit> edits) => report.Add("SCTP046", document, at, $"{document.Title}: {message}", fix, edits, Severity.Warning);

    public IReadOnlyList<TextEdit> Replace(ManifestNode node, string text) => Edits.Replace(document, node, node.Style == YamlDotNet.Core.ScalarStyle.DoubleQuoted ? $"\"{text}\"" : text);

    public void Protocol(ManifestNode? protocol, string path, string supported)
    {
        if (protocol.WordOrNull() is { } text && text is not ("TCP" or "UDP" or "SCTP") && !text.Contains("{{", StringComparison.Ordinal) && !text.Contains("${", StringComparison.Ordinal))
        {
            NotSupported(protocol!, path, text, supported, text.ToUpperInvariant() is "TCP" or "UDP" or "SCTP" ? text.ToUpperInvariant() : null);
        }
    }

    /// <summary>Fields that the kind has not: strict decoding refuses them, others drop them.</summary>
    public void OnlyFields(ManifestNode? node, string path, ReadOnlySpan<string> known)
    {
        foreach (var entry in node?.Entries ?? [])
        {
            if (!known.Contains(entry.Key.Text!) && !entry.Merged)
            {
                report.Add("SCTP046", document, entry.Key, $"{document.Kind} in version \"v1\" cannot be handled as a {document.Kind}: strict decoding error: unknown field \"{path}.{entry.Key.Text}\"", "mind the indentation and the spelling; without strict validation the field is dropped");
            }
        }
    }

    public void Selector(ManifestNode? selector, string path)
    {
        OnlyFields(selector, path, s_selectorFields);
        var i = 0;
        foreach (var expression in (selector?["matchExpressions"]).List())
        {
            var (at, key) = ($"{path}.matchExpressions[{i++}]", expression["operator"]?.Text ?? "");
            var values = expression["values"].List().Count;
            if (key is not ("In" or "NotIn" or "Exists" or "DoesNotExist"))
            {
                Invalid(expression["operator"] ?? expression, $"{at}.operator", $"\"{key}\"", "not a valid selector operator");
            }
            else if (key is "In" or "NotIn" && values == 0)
            {
                Required(expression["values"] ?? expression, $"{at}.values", "must be specified when `operator` is 'In' or 'NotIn'");
            }
            else if (key is "Exists" or "DoesNotExist" && values > 0)
            {
                Forbidden(expression["values"]!, $"{at}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
            }
        }
    }

    private void Add(ManifestNode at, string words, string? fix = null, IReadOnlyList<TextEdit>? edits = null) =>
        report.Add("SCTP046", document, at, $"The {document.Kind} \"{document.Name}\" is invalid: {words}", fix, edits);
}
