using Trunkline.Operations.Findings;
using Trunkline.Operations.Lint.Catalogue;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Silencing;

/// <summary>
/// What a project has decided about the rules, each with its reason:
/// <code>
/// rules:
///   SCTP010:
///     severity: off        # or info, warning, error
///     reason: Argo CD gives every object its namespace
/// </code>
/// </summary>
public sealed class LintConfig
{
    /// <summary>The name of the file in the folder in which the lint is run.</summary>
    public const string FileName = ".trunkline-lint.yaml";

    private readonly Dictionary<string, Severity?> _severities = new(StringComparer.Ordinal);

    /// <summary>All rules as they are.</summary>
    public static LintConfig None { get; } = new();

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="LintConfigException">It is wrong.</exception>
    public static LintConfig Parse(string file, string text)
    {
        var config = new LintConfig();
        try
        {
            foreach (var document in ManifestReader.Read(text))
            {
                config.Add(file, document);
            }
        }
        catch (ManifestException error)
        {
            throw new LintConfigException($"{file}: {error.Message}", error);
        }

        return config;
    }

    /// <summary>The finding as the project wants it; null when its rule is off.</summary>
    public Finding? Judge(Finding finding) =>
        !_severities.TryGetValue(finding.Rule, out var severity) ? finding : severity is null ? null : finding with { Severity = severity.Value };

    private void Add(string file, ManifestNode document)
    {
        foreach (var entry in document.Entries ?? throw Wrong(file, document, "a configuration is a mapping with the key rules"))
        {
            if (entry.Key.Text != "rules")
            {
                throw Wrong(file, entry.Key, $"there is no key {entry.Key.Text}; there is rules");
            }

            foreach (var rule in entry.Value.Entries ?? throw Wrong(file, entry.Value, "rules is a mapping of rule ids"))
            {
                AddRule(file, rule);
            }
        }
    }

    private void AddRule(string file, ManifestEntry rule)
    {
        var known = RuleCatalogue.Find(rule.Key.Text!) ?? throw Wrong(file, rule.Key, $"there is no rule {rule.Key.Text}; `trunkline lint --explain all` lists them");
        foreach (var entry in rule.Value.Entries ?? throw Wrong(file, rule.Value, $"{known.Info.Id} needs severity and reason"))
        {
            if (entry.Key.Text is not ("severity" or "reason"))
            {
                throw Wrong(file, entry.Key, $"{known.Info.Id} has no {entry.Key.Text}; there are severity and reason");
            }
        }

        if (string.IsNullOrWhiteSpace(rule.Value["reason"].WordOrNull()))
        {
            throw Wrong(file, rule.Key, $"{known.Info.Id} needs a reason: whoever reads this later has to know why");
        }

        _severities[known.Info.Id] = rule.Value["severity"]?.Text switch
        {
            "off" => null,
            "info" => Severity.Info,
            "warning" => Severity.Warning,
            "error" => Severity.Error,
            var other => throw Wrong(file, rule.Value["severity"] ?? rule.Key, $"severity of {known.Info.Id} is off, info, warning or error, not {other ?? "missing"}"),
        };
    }

    private static LintConfigException Wrong(string file, ManifestNode at, string what) => new($"{file}:{at.Start.Line}:{at.Start.Column}: {what}.");
}
