using k8s;
using k8s.Models;

namespace Trunkline.Controllers.Endpoints;

/// <summary>The same as core/v1 Endpoints, the older form that many programs still read: the Service's primary family, at most 1000 addresses, as Kubernetes.</summary>
internal static class EndpointsBuilder
{
    private const int Capacity = 1000;

    public static V1Endpoints Build(V1Service service, IReadOnlyList<EndpointCandidate> candidates)
    {
        var early = service.Spec.PublishNotReadyAddresses == true;
        var family = AddressFamilies.Of(service)[0];
        var shown = candidates.Where(c => c.Family == family && (early || !c.Terminating) && (c.Ports.Count > 0 || service.Spec.Ports is not { Count: > 0 })).ToList();
        // When there are too many, those that answer stay.
        var kept = shown.OrderByDescending(c => c.Ready).Take(Capacity).ToList();
        var annotations = new Dictionary<string, string>();
        if (ServiceLabels.TriggerTime(service, candidates) is { } trigger)
        {
            annotations[ServiceLabels.ChangeTrigger] = trigger.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        }

        if (kept.Count < shown.Count)
        {
            annotations[ServiceLabels.OverCapacity] = "truncated";
        }

        return new V1Endpoints
        {
            Metadata = new V1ObjectMeta
            {
                Name = service.Metadata.Name,
                NamespaceProperty = service.Metadata.NamespaceProperty,
                Labels = ServiceLabels.ForEndpoints(service) is { Count: > 0 } labels ? labels : null,
                Annotations = annotations.Count > 0 ? annotations : null,
            },
            Subsets = Subsets(service, kept) is { Count: > 0 } subsets ? subsets : null,
        };
    }

    public static bool Same(V1Endpoints have, V1Endpoints want) =>
        ServiceLabels.Same(have.Metadata.Labels, want.Metadata.Labels)
        && KubernetesJson.Serialize(have.Subsets ?? []) == KubernetesJson.Serialize(want.Subsets ?? []);

    /// <summary>One subset for each set of ports, addresses in order of their text (endpoints.RepackSubsets).</summary>
    private static List<V1EndpointSubset> Subsets(V1Service service, List<EndpointCandidate> candidates) =>
    [
        .. candidates.GroupBy(c => c.PortKey).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new V1EndpointSubset
        {
            Addresses = Addresses(service, g.Where(c => c.Ready)),
            NotReadyAddresses = Addresses(service, g.Where(c => !c.Ready)),
            Ports = g.First().Ports is { Count: > 0 } ports
                ? [.. ports.Select(p => new Corev1EndpointPort
                    { Name = p.Name.Length == 0 ? null : p.Name, Port = p.Port, Protocol = p.Protocol, AppProtocol = p.AppProtocol })]
                : null,
        }),
    ];

    private static List<V1EndpointAddress>? Addresses(V1Service service, IEnumerable<EndpointCandidate> candidates)
    {
        var list = candidates.OrderBy(c => c.Ip, StringComparer.Ordinal).Select(c => new V1EndpointAddress
        {
            Ip = c.Ip,
            Hostname = EndpointSliceBuilder.HasHostname(service, c.Pod) ? c.Pod.Spec.Hostname : null,
            NodeName = string.IsNullOrEmpty(c.Pod.Spec.NodeName) ? null : c.Pod.Spec.NodeName,
            TargetRef = EndpointSliceBuilder.Target(c.Pod),
        }).ToList();
        return list.Count > 0 ? list : null;
    }
}
