using System.Text.RegularExpressions;
using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint.Rules.Pages;

/// <summary>SCTP020, SCTP021, SCTP029, SCTP030, SCTP031, SCTP036, SCTP043, SCTP044: what a page tells its readers, or does not.</summary>
internal sealed partial class StepsRule : IFileRule
{
    public void Check(LintFile file, LintContext context, LintReport report)
    {
        if (file.Page is not { } markdown || !file.IsAboutSctp)
        {
            return;
        }

        var page = new PageFacts(file, context);
        NodePorts(page, context, report);
        SamePort(file, context, report);
        MachineConfigs(page, markdown, context, report);
        Promises(page, markdown, report);
        Policies(page, report);
    }

    private static void NodePorts(PageFacts page, LintContext context, LintReport report)
    {
        if (!page.Netcats.Any(nc => nc.IsProbe) || page.Commands.Any(line => NodeTarget().IsMatch(line.Text)))
        {
            return;
        }

        foreach (var service in page.File.Documents.Select(context.Service).OfType<ServiceFacts>().Where(service => service.HasSctp && service.Type == "NodePort"))
        {
            if (!page.Netcats.Any(nc => nc.IsProbe && service.Ports.Any(port => port.NodePort == nc.Port && port.NodePort is not null)))
            {
                report.Add("SCTP020", service.Document, service.Document.Spec?["type"], $"{service.Document.Title} has a node port, and the page tests the ClusterIP only", "also probe a node's address at the node port");
            }
        }
    }

    private static void SamePort(LintFile file, LintContext context, LintReport report)
    {
        var first = new Dictionary<string, (long Number, LintDocument Document)>(StringComparer.Ordinal);
        var ports = from document in file.Documents
                    from port in (context.Workload(document)?.SctpPorts.Select(port => (port.Name, port.Number, Node: port.Node["containerPort"])) ?? [])
                        .Concat(context.Service(document)?.Ports.Where(port => port.IsSctp).Select(port => (port.Name, Number: port.TargetNumber, Node: port.Node["targetPort"] ?? port.Node["port"])) ?? [])
                    where port.Name is not null && port.Number is not null
                    select (document, port);
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (document, port) in ports)
        {
            if (!first.TryGetValue(port.Name!, out var before))
            {
                first[port.Name!] = (port.Number!.Value, document);
            }
            else if (before.Number != port.Number && told.Add(port.Name!))
            {
                report.Add("SCTP021", document, port.Node, $"SCTP port {port.Name} is {port.Number} here and {before.Number} in {before.Document.Title}", "use one number throughout the page");
            }
        }
    }

    private static void MachineConfigs(PageFacts page, MarkdownPage markdown, LintContext context, LintReport report)
    {
        var documents = page.File.Documents.ToHashSet();
        if (context.MachineConfigs.FirstOrDefault(config => config.IsSctp && documents.Contains(config.Document)) is not { } config)
        {
            return;
        }

        if (!Reboots().IsMatch(page.File.Source.Text))
        {
            report.Add("SCTP029", config.Document, config.Document.Root.Entry("kind")?.Key, $"{config.Document.Title} drains and reboots every node of its pool, one after the other; the page does not say so", "say it before the command, and how long it takes");
        }

        if (!page.Commands.Any(line => Pools().IsMatch(line.Text)) && page.Commands.FirstOrDefault(line => line.InFile > PageFacts.At(config.Document) && NodesReady().IsMatch(line.Text)) is { } wait && WaitsForReady(markdown, wait))
        {
            report.Add("SCTP030", page.File, wait, "nodes are Ready before the roll-out begins: Ready does not mean that the MachineConfig is applied",
                "wait for the pool: oc wait mcp/worker --for=condition=Updated, after spec.configuration.source names the MachineConfig");
        }
    }

    private static bool WaitsForReady(MarkdownPage markdown, ShellLine wait) => wait.Text.Contains("Ready", StringComparison.Ordinal)
        || markdown.Prose.Where(line => line < wait.FileLine && line >= wait.FileLine - 6).Any(line => markdown.Source.Line(line).Contains("Ready", StringComparison.Ordinal));

    private static void Promises(PageFacts page, MarkdownPage markdown, LintReport report)
    {
        var proves = page.Commands.Any(line => ModuleCheck().IsMatch(line.Text));
        foreach (var line in markdown.Prose)
        {
            var text = markdown.Source.Line(line);
            if (markdown.IsHeading(line))
            {
                if (!proves && text.Contains("sctp", StringComparison.OrdinalIgnoreCase) && Checks().IsMatch(text) && Enabled().IsMatch(text))
                {
                    report.AddLine("SCTP031", page.File, line, "this heading promises to check that SCTP is enabled, and no command does", "oc debug node/NODE -- chroot /host sh -c 'lsmod | grep sctp', or trunkline doctor");
                }
            }
            else if (Checks().IsMatch(text) && Message().IsMatch(text) && !HasFence(markdown, line))
            {
                report.AddLine("SCTP036", page.File, line, "this step does not say what is to be seen", "say it: the server prints the very text that the client sent");
            }
        }
    }

    private static bool HasFence(MarkdownPage markdown, int line)
    {
        var end = markdown.SectionEnd(line);
        return markdown.Fences.Any(fence => fence.Open > line && fence.Open < end);
    }

    private static void Policies(PageFacts page, LintReport report)
    {
        if (!page.Policies.Any(policy => policy.Document.IsSctp) || page.Commands.Any(line => Verify().IsMatch(line.Text)) || page.ProbesOfPolicies.FirstOrDefault() is not { } first)
        {
            return;
        }

        if (!Associations().IsMatch(page.File.Source.Text))
        {
            report.Add("SCTP043", page.File, first.Line, "a change of policies need not cut associations that stand: the page does not say that this test takes a new one", "say so, and end old ones first");
        }

        var after = page.ProbesOfPolicies.Count(nc => nc.IsSctp);
        var before = page.Netcats.Count(nc => nc.IsProbe && nc.IsSctp && nc.Line.InFile < page.FirstPolicy);
        if (after < 2 || before == 0)
        {
            report.Add("SCTP044", page.File, first.Line, $"{(before == 0 ? "no SCTP probe before the policies shows that the way was open" : "the way was open before the policies")}, and {(after == 0 ? "no" : after < 2 ? "only one" : "each")} SCTP probe after them shows what they do",
                "probe over SCTP from an allowed and from a denied source, before and after");
        }
    }

    [GeneratedRegex(@"node[-_ ]?port|node[-_]?(?:ip|address)|<node|\$\{?NODE|InternalIP|ExternalIP", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NodeTarget();

    [GeneratedRegex("reboot|restart|drain|재부팅|재시작|드레인|再起動|重启", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Reboots();

    [GeneratedRegex(@"\b(?:mcp|mcps|machineconfigpools?)\b|trunkline\s+enable", RegexOptions.CultureInvariant)]
    private static partial Regex Pools();

    [GeneratedRegex(@"\b(?:oc|kubectl)\s+(?:get|wait)\b.*\bnodes?\b", RegexOptions.CultureInvariant)]
    private static partial Regex NodesReady();

    [GeneratedRegex(@"lsmod|checksctp|/proc/net/|modinfo|modprobe|sctp_test|trunkline\s+(?:doctor|verify|guide)|/sys/module", RegexOptions.CultureInvariant)]
    private static partial Regex ModuleCheck();

    [GeneratedRegex(@"확인|검증|점검|\b(?:verif\w+|check\w*|confirm\w*|validat\w+)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Checks();

    [GeneratedRegex(@"활성|모듈|\b(?:enabl\w+|load\w*|modules?|support\w*|active|activ\w+)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Enabled();

    [GeneratedRegex(@"메시지|메세지|\bmessages?\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Message();

    [GeneratedRegex(@"trunkline\s+(?:policy\s+)?verify", RegexOptions.CultureInvariant)]
    private static partial Regex Verify();

    [GeneratedRegex(@"association|established|새로운? 연결|기존 연결|재연결|연결을 다시|new connection|reconnect", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Associations();
}
