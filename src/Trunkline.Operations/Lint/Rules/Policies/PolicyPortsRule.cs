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

        var selected = context.Selected(policy);
        foreach (var rule in policy.Ingress)
        {
            Rule(policy, rule, [selected], context, report);
        }

        foreach (var rule in policy.Egress.Where(rule => rule.Peers.Count > 0))
        {
            var reached = rule.Peers.Select(peer => Peers.Reached(policy, peer, context)).ToList();
            Rule(policy, rule, reached.Exists(selections => selections is null) ? [] : [.. reached.SelectMany(selections => selections!).Distinct()], context, report);
        }

        Isolated(policy, selected, context, report);
    }

    private static void Rule(PolicyFacts policy, PolicyRuleFacts rule, IReadOnlyList<Selection> pods, LintContext context, LintReport report)
    {
        foreach (var port in rule.Ports)
        {
            var isServed = pods.Any(selection => selection.SctpPorts.Any(port.Matches));
            if (port.IsSctp && !isServed && pods.FirstOrDefault(selection => selection.FirstServing is not null) is { } serving)
            {
                NotServed(policy, port, serving, context, report);
            }
            else if (port is { IsSctp: true, Number: not null } && pods.Count == 1 && ServicePort(port, pods[0], context) is { } mistaken)
            {
                report.Add("SCTP003", policy.Document, port.Node["port"], $"{policy.Document.Title} names {port}, which is the port of {mistaken.Service.Document.Title}; policies look at the Pods' port, which is {mistaken.Port.TargetName ?? $"{mistaken.Port.TargetNumber}"}",
                    $"use port {mistaken.Port.TargetName ?? $"{mistaken.Port.TargetNumber}"}");
            }
            else if (!port.HasProtocol && policy.Document.Live is null && IsMeantForSctp(policy, port, pods))
            {
                var edits = port.Node.Entries is { Count: > 0 } ? Edits.AddEntry(policy.Document, port.Node, "protocol", "SCTP", "\"SCTP\"") : [];
                report.Add("SCTP017", policy.Document, port.Node.Entry("port")?.Key ?? port.Node, $"a port of {policy.Document.Title} has no protocol and is a TCP port; SCTP to {port.Name ?? port.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "it"} stays denied",
                    "write protocol: SCTP", edits);
            }
        }
    }

    // Containers need not declare their ports; a Service's targetPort tells them all the same.
    private static (ServiceFacts Service, ServicePortFacts Port)? ServicePort(PolicyPortFacts port, Selection pods, LintContext context)
    {
        if (pods.Workloads.Count == 0 || pods.Ports.Count > 0 || port.Last != port.Number)
        {
            return null;
        }

        var offered = context.InFrontOf(pods.Workloads[0]).SelectMany(service => service.Ports.Where(one => one.IsSctp).Select(one => (Service: service, Port: one))).ToList();
        var mistaken = offered.FindIndex(one => one.Port.Port == port.Number || one.Port.NodePort == port.Number);
        return mistaken >= 0 && !offered.Exists(one => one.Port.TargetNumber == port.Number) ? offered[mistaken] : null;
    }

    private static void NotServed(PolicyFacts policy, PolicyPortFacts port, Selection pods, LintContext context, LintReport report)
    {
        var served = pods.SctpPorts;
        var service = context.InFrontOf(pods.FirstServing!).FirstOrDefault(service => service.Ports.Any(offered => offered.IsSctp
            && ((port.Number is not null && (offered.Port == port.Number || offered.NodePort == port.Number)) || (port.Name is not null && offered.Name == port.Name))));
        var confusion = service is null ? "" : $" (it is a port of {service.Document.Title}; policies look at the Pods' ports)";
        report.Add("SCTP003", policy.Document, port.Node["port"] ?? port.Node, $"{policy.Document.Title} names {port}, which no Pod that it is about serves{confusion}; {pods.FirstServing!.Document.Title} serves {string.Join(", ", served.Take(5))}",
            $"use port {(served[0].Number is { } number ? $"{number}" : served[0].Name)}{(served[0].Name is { } name ? $" or its name {name}" : "")}");
    }

    // The number or name of a port that is served over SCTP and not over TCP; or, where the Pods are not known, a name that says SCTP.
    private static bool IsMeantForSctp(PolicyFacts policy, PolicyPortFacts port, IReadOnlyList<Selection> pods)
    {
        if (port.Number is null && port.Name is null)
        {
            return false;
        }

        var ports = pods.SelectMany(selection => selection.Ports).ToList();
        return ports.Count > 0
            ? ports.Exists(served => served.IsSctp && port.IsNumberOf(served)) && !ports.Exists(served => !served.IsSctp && port.IsNumberOf(served))
            : port.Name?.Contains("sctp", StringComparison.OrdinalIgnoreCase) == true
                || (policy.Document.Name?.Contains("sctp", StringComparison.OrdinalIgnoreCase) == true && !policy.NamesSctp && policy.Rules().SelectMany(rule => rule.Ports).All(one => !one.HasProtocol));
    }

    // A policy without ports is for another purpose (its own namespace, say) and does not make this one right.
    private static void Isolated(PolicyFacts policy, Selection pods, LintContext context, LintReport report)
    {
        if (!policy.IsolatesIngress || !policy.Ingress.Any(rule => rule.Ports.Count > 0) || pods.FirstServing is not { } first
            || pods.Serving.Any(pod => pod.Ports.Any(port => policy.Ingress.Any(rule => LetsIn(rule, port)))) || context.IsOpenedByPorts(first))
        {
            return;
        }

        report.Add("SCTP014", policy.Document, policy.Document.Spec?.Entry("ingress")?.Key, $"{policy.Document.Title} isolates {first.Document.Title} and lets nothing reach its ports: {string.Join(", ", first.Ports.Take(5))}",
            "name a port that it serves, or say in the policy that all is denied");
    }

    private static bool LetsIn(PolicyRuleFacts rule, PortFacts port) => rule.Ports.Count == 0 || rule.Ports.Any(one => one.Matches(port));
}
