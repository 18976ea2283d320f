using System.Net;
using System.Text.RegularExpressions;
using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint.Rules.Pages;

/// <summary>SCTP004, SCTP005, SCTP006, SCTP007, SCTP034: how a page tests.</summary>
internal sealed partial class ProbeRule : IFileRule
{
    // What a page on SCTP may well ask over TCP: ssh, DNS, the API server.
    private static readonly HashSet<int> s_knownTcp = [22, 53, 6443];

    public void Check(LintFile file, LintContext context, LintReport report)
    {
        if (file.Shell.Count == 0 || !file.IsAboutSctp)
        {
            return;
        }

        var page = new PageFacts(file, context);
        foreach (var nc in page.Netcats)
        {
            Protocol(page, nc, report);
            OneShot(file, nc, report);
        }

        Direction(page, context, report);
        Target(page, report);
        Refused(page, report);
    }

    private static void Protocol(PageFacts page, NcCommand nc, LintReport report)
    {
        if (nc.IsSctp || nc.IsOther || (page.IsOtherPort(nc.Port) && !page.IsSctpPort(nc.Port)) || (nc.Port is { } port && s_knownTcp.Contains(port)) || !(nc.IsProbe || (nc.Listens && page.IsSctpPort(nc.Port))))
        {
            return;
        }

        var at = Program().Match(nc.Line.Text) is { Success: true } found && found.Index + found.Length <= nc.Line.FirstLength ? nc.Line.Region.InFile(nc.Line.Offset + found.Index + found.Length) : -1;
        var edits = at >= 0 && !nc.Line.IsInTranscript ? new[] { new TextEdit(at, at, " --sctp") } : [];
        report.Add("SCTP004", page.File, nc.Line, $"nc without --sctp {(nc.Listens ? "listens" : "asks")} over TCP: what it says about {nc.Host ?? "the port"}{(nc.Port is null ? "" : $" {nc.Port}")} says nothing about SCTP", "nc --sctp, or trunkline verify", edits);
    }

    private static void OneShot(LintFile file, NcCommand nc, LintReport report)
    {
        if (!nc.Listens || !nc.IsSctp || nc.KeepsOpen || Loop().IsMatch(nc.Line.Text))
        {
            return;
        }

        var found = Program().Match(nc.Line.Text);
        var at = nc.Line.Region.InFile(nc.Line.Offset + found.Index + found.Length);
        report.Add("SCTP034", file, nc.Line, "this listener serves one association and ends; without a terminal it ends at once", "nc -k -l …, with an input that stays open",
            found.Success && found.Index + found.Length <= nc.Line.FirstLength ? [new TextEdit(at, at, " -k")] : []);
    }

    // A policy's destination that sends tests its own egress, and the other side's ingress.
    private static void Direction(PageFacts page, LintContext context, LintReport report)
    {
        var destinations = page.Policies.Where(policy => policy.IsolatesIngress).SelectMany(policy => context.Selected(policy).Workloads).Where(pod => pod.SctpPorts.Count > 0)
            .Select(pod => pod.Document.Name).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (destinations.Count == 0)
        {
            return;
        }

        foreach (var nc in page.ProbesOfPolicies)
        {
            var within = nc.Pod ?? WithinShell(page, nc) ?? WithinProse(page.File, nc, destinations);
            if (within is not null && destinations.FirstOrDefault(name => within == name || within.StartsWith(name + "-", StringComparison.OrdinalIgnoreCase)) is { } server)
            {
                report.Add("SCTP005", page.File, nc.Line, $"this probe leaves {server}, which the policies protect against what comes in: it tests {server}'s egress and the other side's ingress",
                    $"probe from where the policy allows and from where it denies, towards {server}");
            }
        }
    }

    private static string? WithinShell(PageFacts page, NcCommand nc)
    {
        var section = page.File.Page?.SectionStart(nc.Line.FileLine) ?? 0;
        return page.Commands.Where(line => line.InFile < nc.Line.InFile && line.FileLine >= section).Select(line => NcCommand.PodOf(line.Words, line.Words.Count)).LastOrDefault(pod => pod is not null);
    }

    // "connect to the sctp-server pod": the last line of prose of the section that names one of the Pods.
    private static string? WithinProse(LintFile file, NcCommand nc, HashSet<string> names)
    {
        if (file.Page is not { } page)
        {
            return null;
        }

        var section = page.SectionStart(nc.Line.FileLine);
        foreach (var line in page.Prose.Where(line => line > section && line < nc.Line.FileLine).Reverse())
        {
            var plain = page.Source.Line(line).Replace("-", "", StringComparison.Ordinal);
            if (Inside().IsMatch(plain) && names.FirstOrDefault(name => plain.Contains(name.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static void Target(PageFacts page, LintReport report)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var nc in page.ProbesOfPolicies.Where(nc => page.HasSctpPorts && nc.Port is not null && !page.IsSctpPort(nc.Port) && !page.IsOtherPort(nc.Port) && IPAddress.TryParse(nc.Host, out _)))
        {
            var other = seen.FirstOrDefault(host => host != nc.Host);
            seen.Add(nc.Host!);
            report.Add("SCTP007", page.File, nc.Line, $"port {nc.Port} is in no policy, Service or Pod of this page{(other is null ? "" : $", and {nc.Host} is another Service than {other}")}", "probe the server's own address and port");
        }
    }

    private static void Refused(PageFacts page, LintReport report)
    {
        if (page.Policies.Count == 0)
        {
            return;
        }

        foreach (var line in page.File.Shell.Where(line => line.IsOutput && line.InFile > page.FirstPolicy && line.Text.Contains("onnection refused", StringComparison.Ordinal)))
        {
            report.Add("SCTP006", page.File, line, "refused is no policy's doing: an RST or ABORT came back, so the packet arrived where nobody listens; what a policy denies times out", "look for a time-out, and show that the same probe passed before the policy");
        }
    }

    [GeneratedRegex(@"(?<![\w./-])(?:nc|ncat|netcat)(?![\w.-])", RegexOptions.CultureInvariant)]
    private static partial Regex Program();

    [GeneratedRegex(@"\b(?:while|until|for)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Loop();

    [GeneratedRegex(@"접속|들어가|에서|\b(?:in|inside|into|from|connect|within|log|shell|rsh|exec)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Inside();
}
