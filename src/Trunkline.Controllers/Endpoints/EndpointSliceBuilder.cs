using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Endpoints;

/// <summary>A Service and its Pods in, EndpointSlices out: slices of each of its families. Pods whose ports resolve alike share slices; a full slice starts the next.</summary>
internal static class EndpointSliceBuilder
{
    public static SlicePlan Plan(
        V1Service service, IReadOnlyList<EndpointCandidate> candidates, IReadOnlyList<V1EndpointSlice> existing, Func<string, V1Node?> nodes, int slots)
    {
        var families = AddressFamilies.Of(service);
        var (create, update) = (new List<V1EndpointSlice>(), new List<V1EndpointSlice>());
        var left = existing.Where(e => !families.Contains(e.AddressType)).ToList();
        foreach (var family in families)
        {
            var free = existing.Where(e => e.AddressType == family).OrderBy(e => e.Metadata.Name, StringComparer.Ordinal).ToList();
            foreach (var slice in Wanted(service, family, [.. candidates.Where(c => c.Family == family)], nodes, slots))
            {
                // Prefer the slice that holds most of these endpoints already: the fewest bytes on every node's watch.
                var reuse = free.OrderByDescending(e => Shared(e, slice)).FirstOrDefault();
                if (reuse is null)
                {
                    create.Add(slice);
                    continue;
                }

                free.Remove(reuse);
                if (!Same(reuse, slice))
                {
                    update.Add(Onto(reuse, slice));
                }
            }

            left.AddRange(free);
        }

        return new SlicePlan(create, update, left);
    }

    private static List<V1EndpointSlice> Wanted(
        V1Service service, string family, IReadOnlyList<EndpointCandidate> candidates, Func<string, V1Node?> nodes, int slots)
    {
        var slices = candidates.GroupBy(c => c.PortKey).OrderBy(g => g.Key, StringComparer.Ordinal)
            .SelectMany(g => g.Chunk(slots).Select(chunk => Slice(service, family, candidates, chunk[0].Ports, [.. chunk.Select(c => Endpoint(service, c, nodes))])))
            .ToList();
        if (slices.Count == 0)
        {
            // A Service without Pods has one empty slice, so that "no endpoints" can be told from "not yet seen".
            slices.Add(Slice(service, family, candidates, null, null));
        }

        return slices;
    }

    private static V1EndpointSlice Slice(
        V1Service service, string family, IReadOnlyList<EndpointCandidate> all, IReadOnlyList<ResolvedPort>? ports, IList<V1Endpoint>? endpoints)
    {
        var annotations = ServiceLabels.TriggerTime(service, all) is { } trigger
            ? new Dictionary<string, string> { [ServiceLabels.ChangeTrigger] = trigger.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") }
            : null;
        return new V1EndpointSlice
        {
            Metadata = new V1ObjectMeta
            {
                GenerateName = service.Metadata.Name + "-",
                NamespaceProperty = service.Metadata.NamespaceProperty,
                Labels = ServiceLabels.ForSlices(service),
                Annotations = annotations,
                OwnerReferences = [service.AsOwner()],
            },
            AddressType = family,
            Endpoints = endpoints!,
            Ports = ports?.Select(p => new Discoveryv1EndpointPort { Name = p.Name, Port = p.Port, Protocol = p.Protocol, AppProtocol = p.AppProtocol }).ToList(),
        };
    }

    private static V1Endpoint Endpoint(V1Service service, EndpointCandidate c, Func<string, V1Node?> nodes)
    {
        var node = string.IsNullOrEmpty(c.Pod.Spec.NodeName) ? null : nodes(c.Pod.Spec.NodeName);
        return new V1Endpoint
        {
            Addresses = [c.Ip],
            Conditions = new V1EndpointConditions { Ready = c.Ready, Serving = c.Serving, Terminating = c.Terminating },
            NodeName = string.IsNullOrEmpty(c.Pod.Spec.NodeName) ? null : c.Pod.Spec.NodeName,
            Zone = node?.Label("topology.kubernetes.io/zone"),
            Hostname = HasHostname(service, c.Pod) ? c.Pod.Spec.Hostname : null,
            TargetRef = Target(c.Pod),
        };
    }

    /// <summary>A Pod has a DNS name of its own below a Service whose name is its subdomain.</summary>
    internal static bool HasHostname(V1Service service, V1Pod pod) =>
        !string.IsNullOrEmpty(pod.Spec.Hostname) && pod.Spec.Subdomain == service.Metadata.Name;

    internal static V1ObjectReference Target(V1Pod pod) =>
        new() { Kind = "Pod", Name = pod.Metadata.Name, NamespaceProperty = pod.Metadata.NamespaceProperty, Uid = pod.Metadata.Uid };

    private static int Shared(V1EndpointSlice have, V1EndpointSlice want)
    {
        var addresses = (want.Endpoints ?? []).SelectMany(e => e.Addresses).ToHashSet();
        return (have.Endpoints ?? []).Count(e => e.Addresses.Any(addresses.Contains));
    }

    private static bool Same(V1EndpointSlice have, V1EndpointSlice want) =>
        ServiceLabels.Same(have.Metadata.Labels, want.Metadata.Labels)
        && Text(have.Ports) == Text(want.Ports)
        && (have.Endpoints ?? []).Select(Text).ToHashSet().SetEquals((want.Endpoints ?? []).Select(Text));

    private static string Text<T>(T? value) => value is null ? "[]" : KubernetesJson.Serialize(value);

    private static V1EndpointSlice Onto(V1EndpointSlice have, V1EndpointSlice want)
    {
        var copy = ClusterClient.Copy(have);
        copy.Metadata.Labels = want.Metadata.Labels;
        copy.Metadata.Annotations = want.Metadata.Annotations;
        copy.Ports = want.Ports;
        copy.Endpoints = want.Endpoints;
        return copy;
    }
}
