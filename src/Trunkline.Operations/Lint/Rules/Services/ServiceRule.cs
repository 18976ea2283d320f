using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Fixes;

namespace Trunkline.Operations.Lint.Rules.Services;

/// <summary>SCTP018, SCTP019, SCTP022: a Service and the Pods behind it.</summary>
internal sealed class ServiceRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (context.Service(document) is not { } service)
        {
            return;
        }

        if (service.Type != "ExternalName")
        {
            var pods = context.Behind(service);
            foreach (var port in service.Ports)
            {
                Mismatch(service, port, pods, report);
            }
        }

        if (!service.HasSctp)
        {
            return;
        }

        NodePorts(service, report);
        if (service.Selector.Count == 0 && service.Type != "ExternalName" && !context.HasEndpoints(service))
        {
            report.Add("SCTP022", document, document.Spec?["selector"] ?? document.Root.Entry("spec")?.Key, $"{document.Title} has no selector, and nothing gives it EndpointSlices: it has no endpoints", "write spec.selector with the Pods' labels");
        }
    }

    private static void Mismatch(ServiceFacts service, ServicePortFacts port, Selection pods, LintReport report)
    {
        var target = pods.Ports.Where(one => port.TargetName is { } name ? one.Name == name : one.Number == port.TargetNumber).ToList();
        var written = port.Node.Has("protocol");
        if (target.Count > 0 && !target.Exists(one => one.Protocol == port.Protocol) && (port.IsSctp || target.Exists(one => one.IsSctp)))
        {
            var edits = !written && target.TrueForAll(one => one.IsSctp) && port.Node.Entries is { Count: > 0 } ? Edits.AddEntry(service.Document, port.Node, "protocol", "SCTP", "\"SCTP\"") : [];
            report.Add("SCTP018", service.Document, port.Node["protocol"] ?? port.Node, $"{service.Document.Title} offers {port.Port} over {port.Protocol}{(written ? "" : " (no protocol is written)")}, but {pods.Workloads[0].Document.Title} serves {target[0]}",
                $"write protocol: {target[0].Protocol}", edits);
        }
        else if (target.Count == 0 && port.IsSctp && pods.AllDeclarePorts)
        {
            report.Add("SCTP018", service.Document, port.Node["targetPort"] ?? port.Node["port"] ?? port.Node, $"{service.Document.Title} sends SCTP to port {port.TargetName ?? $"{port.TargetNumber}"}, which {pods.Workloads[0].Document.Title} does not declare (it declares {string.Join(", ", pods.Ports.Take(5))})",
                "use a port of the container, by number or name");
        }
        else if (target.Count == 0 && !written && service.Document.Live is null && port.Name?.Contains("sctp", StringComparison.OrdinalIgnoreCase) == true)
        {
            report.Add("SCTP018", service.Document, port.Node, $"port {port.Name} of {service.Document.Title} has no protocol and is a TCP port", "write protocol: SCTP", Edits.AddEntry(service.Document, port.Node, "protocol", "SCTP", "\"SCTP\""));
        }
    }

    private static void NodePorts(ServiceFacts service, LintReport report)
    {
        foreach (var port in service.Ports.Where(port => service.IsOutward && port.IsSctp && port.NodePort is null && port.Port is >= 30000 and <= 32767))
        {
            report.Add("SCTP019", service.Document, port.Node["port"], $"port {port.Port} of {service.Document.Title} looks like a node port and is none: without nodePort the cluster picks another",
                $"write nodePort: {port.Port}, or a port outside of 30000-32767");
        }
    }
}
