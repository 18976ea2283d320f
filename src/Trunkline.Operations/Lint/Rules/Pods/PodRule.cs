using System.Text.RegularExpressions;
using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Rules.Pods;

/// <summary>SCTP032, SCTP033, SCTP034, SCTP037, and SCTP004 and SCTP018 where a Pod's own entries show them: Pods that have to do with SCTP.</summary>
internal sealed partial class PodRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (context.Workload(document) is not { } workload || document.IsDerived || !document.IsSctp)
        {
            return;
        }

        foreach (var container in workload.Containers)
        {
            Commands(document, container, report);
            Fixed(workload, container, report);
            Ports(document, container, report);
        }

        foreach (var container in workload.SctpPorts.Select(port => port.Container).Distinct())
        {
            Probes(workload, container, report);
        }
    }

    private static void Commands(LintDocument document, ManifestNode container, LintReport report)
    {
        var words = WorkloadFacts.CommandLine(container).ToList();
        if (words.Find(word => Install().IsMatch(word.Text!)) is { } install)
        {
            report.Add("SCTP032", document, install, $"container {container["name"]?.Text} of {document.Title} installs programs when it starts: it needs the internet and root, which restricted-v2 does not give", "use an image that has them");
        }

        var line = string.Join(' ', words.Select(word => word.Text));
        if (words.Count > 0 && Listener().IsMatch(line) && line.Contains("--sctp", StringComparison.Ordinal) && !KeepsOpen().IsMatch(line))
        {
            report.Add("SCTP034", document, words.Find(word => Listener().IsMatch(word.Text!)) ?? words[0], $"nc in {document.Title} serves one association and ends, or ends at once without input", "nc -k -l …, with an input that stays open");
        }
    }

    private static void Fixed(WorkloadFacts workload, ManifestNode container, LintReport report)
    {
        var image = container["image"].WordOrNull() ?? "";
        var tag = image[(image.LastIndexOf('/') + 1)..];
        var lacks = new List<string>();
        if (image.Length > 0 && !image.Contains('@', StringComparison.Ordinal) && (!tag.Contains(':', StringComparison.Ordinal) || tag.EndsWith(":latest", StringComparison.Ordinal)))
        {
            lacks.Add("a fixed image (it has no tag, or latest)");
        }

        if (container["resources"]?.Entries is not { Count: > 0 })
        {
            lacks.Add("resources");
        }

        if (container["securityContext"]?.Entries is not { Count: > 0 } && workload.Spec["securityContext"]?.Entries is not { Count: > 0 })
        {
            lacks.Add("a securityContext");
        }

        if (lacks.Count > 0)
        {
            report.Add("SCTP037", workload.Document, container["image"] ?? container, $"container {container["name"]?.Text} of {workload.Document.Title} has not {string.Join(", nor ", lacks)}", "name a tag or digest, requests and limits, and a securityContext");
        }
    }

    private static void Ports(LintDocument document, ManifestNode container, LintReport report)
    {
        foreach (var port in container["ports"].List().Where(port => document.Live is null && port.Entries is not null && !port.Has("protocol") && port["name"]?.Text?.Contains("sctp", StringComparison.OrdinalIgnoreCase) == true))
        {
            report.Add("SCTP018", document, port, $"port {port["name"]!.Text} of {document.Title} has no protocol and is a TCP port", "write protocol: SCTP", Edits.AddEntry(document, port, "protocol", "SCTP", "\"SCTP\""));
        }
    }

    private static void Probes(WorkloadFacts workload, ManifestNode container, LintReport report)
    {
        var document = workload.Document;
        if (!container.Has("readinessProbe") && document.Kind is not ("Job" or "CronJob"))
        {
            report.Add("SCTP033", document, container["name"] ?? container, $"container {container["name"]?.Text} of {document.Title} serves SCTP without a readinessProbe: it gets traffic before it listens", "add an exec probe that sees the listener");
        }

        var ports = workload.Ports.Where(port => port.Container == container).ToList();
        foreach (var key in (string[])["readinessProbe", "livenessProbe", "startupProbe"])
        {
            if (container.At(key, "tcpSocket", "port") is { } socket && ports.Exists(port => port.IsSctp && IsPort(port, socket)) && !ports.Exists(port => !port.IsSctp && IsPort(port, socket)))
            {
                report.Add("SCTP004", document, socket, $"{key} of {document.Title} asks SCTP port {socket.Text} over TCP, which never answers", "use an exec probe: kubelet has none for SCTP");
            }

            var command = container.At(key, "exec", "command").List().Where(word => word.Text is not null).ToList();
            if (command.Count > 0 && TcpProbe().IsMatch(string.Join(' ', command.Select(word => word.Text))) && ports.TrueForAll(port => port.IsSctp))
            {
                report.Add("SCTP004", document, command[0], $"{key} of {document.Title} runs nc without --sctp: it asks over TCP", "nc --sctp");
            }
        }
    }

    private static bool IsPort(PortFacts port, ManifestNode node) => node.Number() is { } number ? port.Number == number : port.Name == node.Text;

    [GeneratedRegex(@"\b(?:dnf|yum|microdnf|apt|apt-get|zypper)\b[^;&|]*\binstall\b|\bapk\b[^;&|]*\badd\b|\bpip3?\s+install\b", RegexOptions.CultureInvariant)]
    private static partial Regex Install();

    [GeneratedRegex(@"\b(?:nc|ncat)\b(?=.*\s(?:-\w*l\w*|--listen)\b)", RegexOptions.CultureInvariant)]
    private static partial Regex Listener();

    [GeneratedRegex(@"\s-\w*k\w*\b|--keep-open|\bwhile\b|\bfor\b|\buntil\b", RegexOptions.CultureInvariant)]
    private static partial Regex KeepsOpen();

    [GeneratedRegex(@"\b(?:nc|ncat)\b(?!.*--sctp)(?=.*\s-\w*z)", RegexOptions.CultureInvariant)]
    private static partial Regex TcpProbe();
}
