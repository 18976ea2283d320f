using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Platforms;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>What this cluster's network cannot do for SCTP, where an object asks for it.</summary>
internal sealed class NetworkLimits : IDoctorCheck
{
    public static readonly RuleInfo NoSctp = new("DOC085", "network-without-sctp", Severity.Error, "The cluster's network does not carry SCTP at all as it is set up, and SCTP Pods run on it.",
        "Cilium drops SCTP unless sctp.enabled is set; some node images have no SCTP. Packets are dropped in silence.", "cilium#20490; cluster.md 1.4");

    public static readonly RuleInfo Services = new("DOC086", "network-cannot-serve", Severity.Error, "The cluster's service proxy cannot serve this SCTP Service as it is written.",
        "A data plane in eBPF cannot compute SCTP's CRC32c anew, so it can rewrite addresses and no ports: port, targetPort and nodePort must be the same. Others do not know SCTP in Services at all.", "cilium#20490, #38540, #38639; cluster.md 1.4");

    public static readonly RuleInfo Policies = new("DOC087", "network-ignores-policies", Severity.Error, "The cluster's network does not carry out these NetworkPolicies for SCTP.",
        "A policy that nobody carries out looks as if it were there. What it is to deny passes.", "kube-router#1019; cluster.md 1.4");

    public static readonly RuleInfo Several = new("DOC088", "network-without-multihoming", Severity.Warning, "The cluster's network does not follow associations with several addresses, and a Service leads to such Pods.",
        "Packets and HEARTBEATs of the other paths are dropped, so the association has one path, and may be aborted when a path fails.", "loxilb#384; cluster.md 1.4");

    public IReadOnlyList<RuleInfo> Rules { get; } = [NoSctp, Services, Policies, Several];

    public IReadOnlyList<ResourceKind> Needs { get; } = ClusterProfile.Kinds;

    public IEnumerable<Diagnosis> Look(ClusterView view)
    {
        if (!view.Pods.Any(pod => pod.SpeaksSctp) && !view.Services.Any(service => service.IsSctp))
        {
            yield break;
        }

        foreach (var part in ClusterProfile.Of(view.Objects).Network)
        {
            foreach (var found in part.Limits.SelectMany(limit => Limit(view, part, limit)))
            {
                yield return found;
            }
        }
    }

    private static IEnumerable<Diagnosis> Limit(ClusterView view, NetworkComponent part, SctpLimit limit) => limit switch
    {
        { Area: LimitArea.Pods, Severity: Severity.Error } => Pods(view, part, limit),
        { Id: "cilium-port-rewrite" } => Rewritten(view, part, limit, port => port.TargetName is not null || port.TargetNumber != port.Number, nodePorts: false),
        { Id: "cilium-kube-proxy-replacement" } => Rewritten(view, part, limit, port => port.NodePort is { } node && node != port.TargetNumber, nodePorts: true),
        { Id: "calico-ebpf-services" } => Rewritten(view, part, limit, _ => true, nodePorts: false),
        { Id: "ipvs-nodeport" } => view.Objects.Of(ResourceKinds.Node).Any(HasExternal) ? Rewritten(view, part, limit, port => port.NodePort is not null, nodePorts: true) : [],
        { Id: "loxilb-same-node" } => SameNode(view, part, limit),
        { Area: LimitArea.Policies, Severity: >= Severity.Warning } and not { Id: "cilium-policy-vip" } => Ignored(view, part, limit),
        { Id: "ipvs-sloppy" or "cilium-multihoming" } => Paths(view, part, limit),
        _ => [],
    };

    private static IEnumerable<Diagnosis> Pods(ClusterView view, NetworkComponent part, SctpLimit limit)
    {
        var pods = view.Pods.Where(pod => pod is { SpeaksSctp: true, HostNetwork: false, IsOver: false }).ToList();
        if (pods.Count > 0)
        {
            yield return new(NoSctp, Subject(view, part), $"{Subject(view, part)}: {limit.Text}")
            {
                Evidence = [.. part.Evidence, $"SCTP Pods: {Advice.List(pods.Select(pod => pod.Title))}", $"source: {limit.Source}"],
                Fix = limit.Remedy,
                Concerns = [.. pods.Select(pod => pod.Title), .. view.Services.Where(service => service.IsSctp).Select(service => service.Title)],
            };
        }
    }

    private static IEnumerable<Diagnosis> Rewritten(ClusterView view, NetworkComponent part, SctpLimit limit, Func<ServicePortView, bool> isHit, bool nodePorts)
    {
        foreach (var service in view.Services.Where(service => service is { IsSctp: true, IsHeadless: false } && service.Type != "ExternalName"))
        {
            // A name that leads to the very number is no rewriting.
            var hit = service.SctpPorts.Where(isHit).Where(port => nodePorts || limit.Id != "cilium-port-rewrite" || service.Pods.Count == 0 || service.Pods.SelectMany(port.TargetsOn).Any(target => target != port.Number)).ToList();
            if (hit.Count > 0)
            {
                yield return new(Services, service.Source, $"{service.Title}: {part.Name} does not serve {Advice.List(hit.Select(port => Word(port, nodePorts)))}: {limit.Text}")
                {
                    Severity = limit.Id == "cilium-port-rewrite" ? Severity.Error : limit.Severity,
                    Evidence = [.. part.Evidence, $"source: {limit.Source}"],
                    Fix = limit.Remedy,
                    Concerns = [.. service.Pods.Select(pod => pod.Title)],
                };
            }
        }
    }

    private static string Word(ServicePortView port, bool nodePorts) => nodePorts ? $"nodePort {port.NodePort} to {port.TargetName ?? $"{port.TargetNumber}"}" : $"{port.Word} to {port.TargetName ?? $"{port.TargetNumber}"}";

    private static IEnumerable<Diagnosis> SameNode(ClusterView view, NetworkComponent part, SctpLimit limit)
    {
        var nodes = view.Pods.Where(pod => pod.NodeName is not null && pod.Containers.Any(container => container.Document["image"].AsText()?.Contains("loxilb", StringComparison.OrdinalIgnoreCase) ?? false)).Select(pod => pod.NodeName!).ToHashSet(StringComparer.Ordinal);
        foreach (var service in view.Services.Where(service => service is { IsSctp: true, Type: "LoadBalancer" }))
        {
            var beside = service.Pods.Where(pod => pod.NodeName is { } node && nodes.Contains(node)).ToList();
            if (beside.Count > 0)
            {
                yield return new(Services, service.Source, $"{service.Title}: {Advice.List(beside.Select(pod => pod.Title))} {(beside.Count == 1 ? "runs" : "run")} on LoxiLB's own node: {limit.Text}")
                {
                    Severity = Severity.Warning,
                    Evidence = [.. part.Evidence, $"source: {limit.Source}"],
                    Fix = limit.Remedy,
                    Concerns = [.. beside.Select(pod => pod.Title)],
                };
            }
        }
    }

    private static IEnumerable<Diagnosis> Ignored(ClusterView view, NetworkComponent part, SctpLimit limit)
    {
        // Where another plugin carries out policies as well (Canal, Calico beside flannel), that one does.
        var hit = view.Policies.Policies.Where(pair => pair.Policy.Ingress.Concat(pair.Policy.Egress).Any(rule => rule.Ports.Any(port => port.Protocol == TransportProtocol.Sctp)) || view.Policies.Selected(pair.Policy).Any(pod => pod.SpeaksSctp)).ToList();
        if (hit.Count > 0)
        {
            yield return new(Policies, hit[0].Source, $"{part.Name} does not carry out {Advice.List(hit.Select(pair => pair.Source.Title))} for SCTP: {limit.Text}")
            {
                Severity = limit.Severity,
                Evidence = [.. part.Evidence, $"source: {limit.Source}"],
                Fix = limit.Remedy,
                Concerns = [.. hit.Select(pair => pair.Source.Title)],
            };
        }
    }

    private static IEnumerable<Diagnosis> Paths(ClusterView view, NetworkComponent part, SctpLimit limit) =>
        from service in view.Services
        where service is { IsSctp: true, IsHeadless: false } && service.Pods.Any(pod => pod.ExtraNetworks is not null)
        select new Diagnosis(Several, service.Source, $"{service.Title} leads to Pods with several networks, and {part.Name} does not follow their paths: {limit.Text}")
        {
            Evidence = [.. part.Evidence, $"source: {limit.Source}"],
            Fix = limit.Remedy,
            Concerns = [.. service.Pods.Select(pod => pod.Title)],
        };

    private static string Subject(ClusterView view, NetworkComponent part) => part.Kind switch
    {
        NetworkKind.Cilium when view.Objects.TryFind(ResourceKinds.ConfigMap, "kube-system", "cilium-config", out var settings) => settings.Title,
        _ => view.Objects.Of(ResourceKinds.DaemonSet).FirstOrDefault(set => part.Evidence.Any(line => line.Contains(set.Title, StringComparison.Ordinal)))?.Title ?? part.Name,
    };

    private static bool HasExternal(ClusterObject node) => node.Status.Field("addresses").Objects().Any(address => address["type"].AsText() == "ExternalIP");
}
