using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Fixes;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>SCTP003, SCTP014, SCTP017: a policy's ports beside those that its Pods serve.</summary>
internal sealed class PolicyPortsRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (context.Policy(document) is not { } policy)
        {
            return;
        }

        var selected = context.Selected(policy).ToList();
        foreach (var rule in policy.Ingress)
        {
            Rule(policy, rule, selected, context, report);
        }

        foreach (var rule in policy.Egress.Where(rule => rule.Peers.Count > 0))
        {
            var reached = rule.Peers.SelectMany(peer => Peers.Reached(policy, peer, context) ?? []).Distinct().ToList();
            Rule(policy, rule, rule.Peers.All(peer => Peers.Reached(policy, peer, context) is not null) ? reached : [], context, report);
        }

        Isolated(policy, selected, context, report);
    }

    private static void Rule(PolicyFacts policy, PolicyRuleFacts rule, List<WorkloadFacts> pods, LintContext context, LintReport report)
    {
        var served = pods.SelectMany(pod => pod.SctpPorts).ToList();
        foreach (var port in rule.Ports)
        {
            if (port.IsSctp && served.Count > 0 && !served.Exists(port.Matches))
            {
                NotServed(policy, port, pods, served, context, report);
            }
            else if (!port.HasProtocol && policy.Document.Live is null && IsMeantForSctp(policy, port, pods))
            {
                var edits = port.Node.Entries is { Count: > 0 } ? Edits.AddEntry(policy.Document, port.Node, "protocol", "SCTP", "\"SCTP\"") : [];
                report.Add("SCTP017", policy.Document, port.Node.Entry("port")?.Key ?? port.Node, $"a port of {policy.Document.Title} has no protocol and is a TCP port; SCTP to {port.Name ?? port.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "it"} stays denied",
                    "write protocol: SCTP", edits);
            }
        }
    }

    private static void NotServed(PolicyFacts policy, PolicyPortFacts port, List<WorkloadFacts> pods, List<PortFacts> served, LintContext context, LintReport report)
    {
        var service = pods.SelectMany(context.InFrontOf).FirstOrDefault(service => service.Ports.Any(offered => offered.IsSctp && (offered.Port == port.Number || offered.NodePort == port.Number || offered.Name == port.Name)));
        var instead = string.Join(", ", served.DistinctBy(one => (one.Number, one.Name)).Take(5));
        var confusion = service is null ? "" : $" (it is a port of {service.Document.Title}; policies look at the Pods' ports)";
        report.Add("SCTP003", policy.Document, port.Node["port"] ?? port.Node, $"{policy.Document.Title} names {port}, which no Pod that it is about serves{confusion}; {pods.First(pod => pod.SctpPorts.Count > 0).Document.Title} serves {instead}",
            $"use port {(served[0].Number is { } number ? $"{number}" : served[0].Name)}{(served[0].Name is { } name ? $" or its name {name}" : "")}");
    }

    // The number or name of a port that is served over SCTP and not over TCP; or, where the Pods are not known, a name that says SCTP.
    private static bool IsMeantForSctp(PolicyFacts policy, PolicyPortFacts port, List<WorkloadFacts> pods)
    {
        if (port.Number is null && port.Name is null)
        {
            return false;
        }

        var ports = pods.SelectMany(pod => pod.Ports).ToList();
        return ports.Count > 0
            ? ports.Exists(served => served.IsSctp && port.IsNumberOf(served)) && !ports.Exists(served => !served.IsSctp && port.IsNumberOf(served))
            : port.Name?.Contains("sctp", StringComparison.OrdinalIgnoreCase) == true
                || (policy.Document.Name?.Contains("sctp", StringComparison.OrdinalIgnoreCase) == true && !policy.NamesSctp && policy.Rules().SelectMany(rule => rule.Ports).All(one => !one.HasProtocol));
    }

    private static void Isolated(PolicyFacts policy, List<WorkloadFacts> pods, LintContext context, LintReport report)
    {
        var serving = pods.Where(pod => pod.SctpPorts.Count > 0).ToList();
        if (!policy.IsolatesIngress || policy.Ingress.Count == 0 || !policy.Ingress.Any(rule => rule.Ports.Count > 0) || serving.Count == 0
            || serving.Exists(pod => pod.Ports.Any(port => policy.Ingress.Any(rule => LetsIn(rule, port))))
            || IsOpenedByAnother(policy, serving[0], context))
        {
            return;
        }

        report.Add("SCTP014", policy.Document, policy.Document.Spec?.Entry("ingress")?.Key, $"{policy.Document.Title} isolates {serving[0].Document.Title} and lets nothing reach its ports ({string.Join(", ", serving[0].Ports.Take(5))})",
            "name a port that it serves, or say in the policy that all is denied");
    }

    // A policy without ports is for another purpose (its own namespace, say) and does not make this one right.
    private static bool IsOpenedByAnother(PolicyFacts policy, WorkloadFacts pod, LintContext context) => context.PoliciesIn(LintContext.Key(policy.Document))
        .Any(other => other != policy && Selectors.Matches(other.PodSelector, pod.Labels) && other.Ingress.Any(rule => rule.Ports.Count > 0 && pod.SctpPorts.Any(port => LetsIn(rule, port))));

    private static bool LetsIn(PolicyRuleFacts rule, PortFacts port) => rule.Ports.Count == 0 || rule.Ports.Any(one => one.Matches(port));
}
