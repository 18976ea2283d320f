using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Context;

/// <summary>A NetworkPolicy.</summary>
public sealed class PolicyFacts
{
    private readonly bool _selectsAll;
    private readonly bool _isPlain;
    private readonly IReadOnlyDictionary<string, string> _wanted;

    /// <summary>Takes a policy.</summary>
    public PolicyFacts(LintDocument document)
    {
        Document = document;
        Ingress = RulesOf(document, "ingress", "from");
        Egress = RulesOf(document, "egress", "to");
        _selectsAll = Selectors.IsEmpty(PodSelector);
        _isPlain = !PodSelector.Has("matchExpressions");
        _wanted = (PodSelector?["matchLabels"]).Words();
    }

    /// <summary>The object.</summary>
    public LintDocument Document { get; }

    /// <summary>Which Pods it is about; null or empty for all of its namespace.</summary>
    public ManifestNode? PodSelector => Document.Spec?["podSelector"];

    /// <summary>The rules of what may come in.</summary>
    public IReadOnlyList<PolicyRuleFacts> Ingress { get; }

    /// <summary>The rules of what may go out.</summary>
    public IReadOnlyList<PolicyRuleFacts> Egress { get; }

    /// <summary>Whether policyTypes is written.</summary>
    public bool HasTypes => Document.Spec?["policyTypes"]?.Items is { Count: > 0 };

    /// <summary>Whether it isolates its Pods against what comes in; so does one without policyTypes (networking/v1 defaults).</summary>
    public bool IsolatesIngress => !HasTypes || (Document.Spec?["policyTypes"]).Texts().Contains("Ingress");

    /// <summary>Whether a rule of it names SCTP.</summary>
    public bool NamesSctp => Ingress.Concat(Egress).Any(rule => rule.NamesSctp);

    /// <summary>Whether it is about Pods with these labels.</summary>
    public bool Selects(IReadOnlyDictionary<string, string> labels) => _selectsAll || (_isPlain ? Selectors.Matches(_wanted, labels) : Selectors.Matches(PodSelector, labels));

    /// <summary>All rules.</summary>
    public IEnumerable<PolicyRuleFacts> Rules() => Ingress.Concat(Egress);

    private static List<PolicyRuleFacts> RulesOf(LintDocument document, string key, string peers) =>
        [.. (document.Spec?[key]).List().Where(rule => rule.Entries is not null || rule.IsNull()).Select(rule => new PolicyRuleFacts(rule, peers))];
}
