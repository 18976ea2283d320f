using System.Text.RegularExpressions;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>Whether servers listen where they are looked for.</summary>
internal sealed partial class Listeners : IDoctorCheck
{
    public static readonly RuleInfo WrongAddress = new("DOC030", "bound-to-wrong-address", Severity.Error, "An SCTP server is bound to an address at which its Service, or its peers, do not reach it.",
        "A server bound to 127.0.0.1, to another interface's address or to a Service's address answers nobody at the Pod's address: the INIT is answered by an ABORT. Bind to the Pod's own address, or to all.", "towards5gs-helm#12, #30, 5g-charts#27, srsRAN#104, open5gs#1126");

    public IReadOnlyList<RuleInfo> Rules { get; } = [WrongAddress];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.Pod];

    public IEnumerable<Diagnosis> Look(ClusterView view)
    {
        foreach (var pod in view.Pods.Where(pod => pod.SpeaksSctp && !pod.IsOver))
        {
            foreach (var found in (Diagnosis[])[.. Seen(view, pod), .. Commands(view, pod), .. Settings(view, pod)])
            {
                yield return found;
            }
        }
    }

    private static IEnumerable<Diagnosis> Seen(ClusterView view, PodView pod)
    {
        if (view.Facts.Pod(pod.Namespace, pod.Name) is not { Listeners: { } listeners } facts || pod.Addresses.Count == 0)
        {
            yield break;
        }

        var ports = view.Services.Where(service => service.Pods.Contains(pod)).SelectMany(service => service.SctpPorts).SelectMany(port => port.TargetsOn(pod)).Concat(pod.SctpPorts).ToHashSet();
        foreach (var port in listeners.Where(listener => ports.Contains(listener.Port)).GroupBy(listener => listener.Port).Where(same => !same.Any(listener => pod.Addresses.Any(listener.AnswersAt))))
        {
            var bound = port.SelectMany(listener => listener.Addresses).Distinct().ToList();
            yield return new(WrongAddress, view.Owner(pod), $"{view.Owner(pod).Title} listens at port {port.Key} on {Advice.List(bound)} only, and not at its Pod's address {pod.Addresses[0]}.")
            {
                Evidence = [$"{pod.Title}: listener {Advice.List(bound)} port {port.Key} ({facts.ReadBy}, /proc/net/sctp/eps)", $"status.podIPs: {Advice.List(pod.Addresses)}"],
                Fix = $"Bind the server to 0.0.0.0, or to the Pod's address (downward API: status.podIP).{(pod.ExtraNetworks is null ? "" : " If it is meant for a secondary network, peers must use that address and no Service.")}",
                Concerns = [pod.Title, .. view.Services.Where(service => service.Pods.Contains(pod)).Select(service => service.Title)],
                Explains = [Trouble.Closed(pod, port.Key)],
                Cause = $"{view.Owner(pod).Title} {port.Key}",
            };
        }
    }

    private static IEnumerable<Diagnosis> Commands(ClusterView view, PodView pod)
    {
        if (view.Facts.Pod(pod.Namespace, pod.Name)?.Listeners is not null)
        {
            yield break; // seen with the kernel's own eyes
        }

        foreach (var container in pod.Containers)
        {
            foreach (var call in SctpCommands.Netcats(container.Line).Where(call => SctpCommands.Listens(call) && call.Contains("--sctp", StringComparison.Ordinal)))
            {
                if (SctpCommands.Loopback(call) is { } address)
                {
                    yield return Loopback(view, pod, address, $"container {container.Name}: {call}");
                }
            }

            if (Bound().Match(container.Line) is { Success: true } bound && bound.Groups[1].Value is var named && SctpCommands.Loopback($" {named} ") is not null)
            {
                yield return Loopback(view, pod, named, $"container {container.Name}: {bound.Value.Trim()}");
            }
        }
    }

    // Settings of 5G cores: free5GC's ngapIpList, Open5GS' ngap server address, OAI's and srsRAN's bind addresses.
    private static IEnumerable<Diagnosis> Settings(ClusterView view, PodView pod)
    {
        var names = pod.Spec.Field("volumes").Objects().Select(volume => volume["configMap"].Field("name").AsText()).OfType<string>().Distinct();
        foreach (var name in names)
        {
            if (!view.Objects.TryFind(ResourceKinds.ConfigMap, pod.Source.Namespace, name, out var map))
            {
                continue;
            }

            foreach (var (file, text) in PodView.Map(map.Document["data"]))
            {
                if (text.Length < 1 << 20 && NgapOnLoopback().Match(text) is { Success: true } match)
                {
                    yield return Loopback(view, pod, match.Groups["address"].Value, $"{map.Title}, {file}: {match.Groups["key"].Value}: {match.Groups["address"].Value}") with
                    {
                        Subject = map.Title,
                        Message = $"{map.Title} binds the SCTP server of {view.Owner(pod).Title} to {match.Groups["address"].Value}, where nobody outside the Pod reaches it.",
                        Concerns = [pod.Title, view.Owner(pod).Title],
                        Cause = map.Title,
                    };
                }
            }
        }
    }

    private static Diagnosis Loopback(ClusterView view, PodView pod, string address, string evidence) => new(WrongAddress, view.Owner(pod), $"{view.Owner(pod).Title} listens for SCTP on {address} only, where nobody outside the Pod reaches it.")
    {
        Evidence = [evidence],
        Fix = "Bind the server to 0.0.0.0, or to the Pod's address (downward API: status.podIP).",
        Concerns = [pod.Title, .. view.Services.Where(service => service.Pods.Contains(pod)).Select(service => service.Title)],
        Explains = [.. pod.SctpPorts.Select(port => Trouble.Closed(pod, port))],
        Cause = $"{view.Owner(pod).Title} loopback",
    };

    [GeneratedRegex(@"\bsctp_(?:test|darn)\b[^|;&]*?-H\s+(\S+)[^|;&]*-l\b|\bSCTP\d?-LISTEN:\d+\S*?,bind=([^,\s]+)", RegexOptions.IgnoreCase, 200)]
    private static partial Regex Bound();

    [GeneratedRegex(@"^\s*(?<key>ngapIpList|ngap)\s*:\s*\n(?:\s*(?:-\s*)?(?:server:|addr(?:ess)?:)?\s*\n?){0,3}\s*(?:-\s*)?(?:addr(?:ess)?:\s*)?[""']?(?<address>127\.\d{1,3}\.\d{1,3}\.\d{1,3})", RegexOptions.Multiline, 200)]
    private static partial Regex NgapOnLoopback();
}
