using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>SCTP046: what an API server refuses, in its own words (networking/validation, core/validation).</summary>
internal sealed class ApiValidationRule : IDocumentRule
{
    private static readonly string[] s_specFields = ["podSelector", "policyTypes", "ingress", "egress"];

    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (document.Live is not null)
        {
            return; // the server has let it in
        }

        if (context.Policy(document) is { } policy)
        {
            Policy(policy, new Refusals(document, report));
        }
        else if (context.Service(document) is { } service)
        {
            Protocols(service.Ports.Select((port, i) => (port.Node, $"spec.ports[{i}]")), new Refusals(document, report));
        }
        else if (context.Workload(document) is { } workload)
        {
            Protocols(workload.Ports.Select(port => (port.Node, "spec.containers[].ports[]")), new Refusals(document, report));
        }
    }

    private static void Protocols(IEnumerable<(ManifestNode Node, string Path)> ports, Refusals refusals)
    {
        foreach (var (node, path) in ports)
        {
            refusals.Protocol(node["protocol"], $"{path}.protocol", "\"SCTP\", \"TCP\", \"UDP\"");
        }
    }

    private static void Policy(PolicyFacts policy, Refusals refusals)
    {
        var spec = policy.Document.Spec;
        refusals.OnlyFields(spec, "spec", s_specFields);
        refusals.Selector(policy.PodSelector, "spec.podSelector");
        Types(spec?["policyTypes"], refusals);
        foreach (var (rules, direction) in new[] { (policy.Ingress, "ingress"), (policy.Egress, "egress") })
        {
            for (var i = 0; i < rules.Count; i++)
            {
                Rule(rules[i], $"spec.{direction}[{i}]", refusals);
            }
        }
    }

    private static void Types(ManifestNode? types, Refusals refusals)
    {
        var items = types.List();
        if (items.Count > 2)
        {
            refusals.Invalid(types!, "spec.policyTypes", $"[]networking.PolicyType{{{string.Join(", ", items.Select(item => $"\"{item.Text}\""))}}}", "may not specify more than two policyTypes");
            return;
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Text is { } text and not ("Ingress" or "Egress"))
            {
                refusals.NotSupported(items[i], $"spec.policyTypes[{i}]", text, "\"Ingress\", \"Egress\"", text.ToUpperInvariant() switch { "INGRESS" => "Ingress", "EGRESS" => "Egress", _ => null });
            }
        }
    }

    private static void Rule(PolicyRuleFacts rule, string path, Refusals refusals)
    {
        refusals.OnlyFields(rule.Node, path, ["ports", rule.PeerKey]);
        for (var i = 0; i < rule.Ports.Count; i++)
        {
            PolicyPortChecks.Check(rule.Ports[i], $"{path}.ports[{i}]", refusals);
        }

        for (var i = 0; i < rule.Peers.Count; i++)
        {
            PolicyPeerChecks.Check(rule.Peers[i], $"{path}.{rule.PeerKey}[{i}]", refusals);
        }
    }
}
