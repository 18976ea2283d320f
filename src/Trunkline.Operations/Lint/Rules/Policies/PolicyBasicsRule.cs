using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Fixes;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>SCTP008, SCTP009, SCTP015, SCTP016: what one policy says by itself.</summary>
internal sealed class PolicyBasicsRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (context.Policy(document) is not { } policy)
        {
            return;
        }

        if (document.Live is null)
        {
            NullSelectors(policy, report);
        }

        if (document.IsSctp)
        {
            Types(policy, report);
            OpenSource(policy, report);
            Name(policy, report);
        }
    }

    private static void NullSelectors(PolicyFacts policy, LintReport report)
    {
        var document = policy.Document;
        if (document.Spec?.Entry("podSelector") is { Value: { Text: not null } value, Merged: false } && value.IsNull())
        {
            report.Add("SCTP008", document, value, $"{document.Title} has podSelector: null, which selects all Pods as {{}} does, but is a deletion to a merge patch", "write podSelector: {}", Edits.Replace(document, value, "{}"));
        }

        foreach (var peer in policy.Rules().SelectMany(rule => rule.Peers))
        {
            foreach (var key in (string[])["podSelector", "namespaceSelector"])
            {
                if (peer.Entry(key) is { Value: { Text: not null } selector } && selector.IsNull())
                {
                    report.Add("SCTP008", document, selector, $"a peer of {document.Title} has {key}: null, which is as if it were not there", "write {} where all are meant, or leave the key out");
                }
            }
        }
    }

    private static void Types(PolicyFacts policy, LintReport report)
    {
        var document = policy.Document;
        if (policy.HasTypes || document.Spec is not { Entries: { Count: > 0 } entries } spec || document.Live is not null)
        {
            return;
        }

        var egress = policy.Egress.Count > 0;
        var edits = spec.Entry("policyTypes") is null ? Edits.AddEntry(document, spec, "policyTypes", egress ? "[Ingress, Egress]" : "[Ingress]", egress ? "[\"Ingress\", \"Egress\"]" : "[\"Ingress\"]") : [];
        report.Add("SCTP009", document, entries[0].Key, $"{document.Title} leaves policyTypes out: it isolates ingress{(egress ? " and, because of its egress rules, egress" : " and not egress")}",
            $"write policyTypes: [{(egress ? "Ingress, Egress" : "Ingress")}]", edits);
    }

    private static void OpenSource(PolicyFacts policy, LintReport report)
    {
        foreach (var rule in policy.Ingress.Where(rule => rule.NamesSctp && rule.Peers.Count == 0 && !rule.Node.Has("from")))
        {
            report.Add("SCTP015", policy.Document, rule.Node.Entry("ports")!.Key, $"{policy.Document.Title} lets every source in, also from outside of the cluster: the rule has ports and no from",
                "name the sources with from, or say that all are meant");
        }
    }

    private static void Name(PolicyFacts policy, LintReport report)
    {
        var words = (policy.Document.Name ?? "").Split(['-', '.', '_'], StringSplitOptions.RemoveEmptyEntries);
        var allows = policy.Ingress.Count + policy.Egress.Count > 0;
        var wrong = words switch
        {
            _ when policy.NamesSctp && words.Contains("http") => "says http, which nobody speaks over SCTP",
            _ when words is ["deny", ..] or [_, "deny", ..] && allows => "says deny, but NetworkPolicies only allow: its rules let in or out what they name",
            _ when words is ["allow", ..] && !allows => "says allow, but it has no rule and so denies everything",
            _ when policy.NamesSctp && (words.Contains("tcp") || words.Contains("udp")) && !words.Contains("sctp") && policy.Rules().SelectMany(rule => rule.Ports).All(port => port.IsSctp) => "names another protocol than its rules",
            _ => null,
        };
        if (wrong is not null)
        {
            report.Add("SCTP016", policy.Document, policy.Document.Metadata!["name"], $"the name {policy.Document.Name} misleads: it {wrong}", "name it after what its rules allow");
        }
    }
}
