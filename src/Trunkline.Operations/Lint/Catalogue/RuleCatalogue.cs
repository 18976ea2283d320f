using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Lint.Catalogue;

/// <summary>All rules, by id. docs/lint.md shows the same table (a test holds the two together).</summary>
public static class RuleCatalogue
{
    /// <summary>What cannot be read, or is silenced wrongly.</summary>
    public const string Unreadable = "SCTP000";

    private static readonly Dictionary<string, LintRule> s_byId;

    static RuleCatalogue()
    {
        All = [Rule(Unreadable, "unreadable", Severity.Error, RuleNeeds.Manifest, false, "A document that is neither YAML nor JSON, a key that stands twice, or a comment that silences a rule wrongly.",
            "What is not read is not linted, and kubectl would refuse it as well. Other documents of the same file are linted all the same. Templates (Helm) are told apart: lint what they render.",
            "YAML 1.2.2; sigs.k8s.io/yaml, strict decoding"), .. ManifestRules.All, .. ClusterRules.All, .. PageRules.All];
        All = [.. All.OrderBy(rule => rule.Info.Id, StringComparer.Ordinal)];
        s_byId = All.ToDictionary(rule => rule.Info.Id, StringComparer.Ordinal);
    }

    /// <summary>All rules, in the order of their ids.</summary>
    public static IReadOnlyList<LintRule> All { get; }

    /// <summary>Finds a rule by its id or its name; null when there is none.</summary>
    public static LintRule? Find(string idOrName) => s_byId.TryGetValue(idOrName.ToUpperInvariant(), out var rule)
        ? rule
        : All.FirstOrDefault(known => known.Info.Name.Equals(idOrName, StringComparison.OrdinalIgnoreCase));

    internal static LintRule Rule(string id, string name, Severity severity, RuleNeeds needs, bool fixable, string summary, string explanation, string source) =>
        new(new RuleInfo(id, name, severity, summary, explanation, source), needs, fixable);
}
