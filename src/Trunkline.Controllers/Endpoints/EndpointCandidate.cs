using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Endpoints;

/// <summary>A Pod behind a Service.</summary>
internal sealed record EndpointCandidate(V1Pod Pod, string Ip, IReadOnlyList<ResolvedPort> Ports, bool Ready, bool Serving, bool Terminating)
{
    public string PortKey => string.Join(";", Ports.Select(p => $"{p.Name}|{p.Port}|{p.Protocol}|{p.AppProtocol}"));

    /// <summary>The Pods that a Service selects, that have an address and are not over.</summary>
    public static List<EndpointCandidate> Of(V1Service service, IEnumerable<V1Pod> pods)
    {
        var early = service.Spec.PublishNotReadyAddresses == true;
        return
        [
            .. pods.Where(p => p.Metadata.NamespaceProperty == service.Metadata.NamespaceProperty
                    && LabelSelection.Matches(service.Spec.Selector, p.Metadata.Labels) && !p.IsFinished())
                .Select(p => (Pod: p, Ip: Address(p)))
                .Where(p => p.Ip is not null)
                .OrderBy(p => p.Pod.Metadata.CreationTimestamp).ThenBy(p => p.Pod.Metadata.Name, StringComparer.Ordinal)
                .Select(p => Make(p.Pod, p.Ip!, service, early)),
        ];
    }

    private static EndpointCandidate Make(V1Pod pod, string ip, V1Service service, bool early)
    {
        var (serving, terminating) = (pod.IsReady(), pod.IsDeleting());
        return new EndpointCandidate(pod, ip, PortResolver.Resolve(service, pod), early || (serving && !terminating), early || serving, terminating);
    }

    private static string? Address(V1Pod pod)
    {
        var all = (pod.Status?.PodIPs ?? []).Select(i => i.Ip).Append(pod.Status?.PodIP);
        return all.FirstOrDefault(i => System.Net.IPAddress.TryParse(i, out var a) && a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork);
    }
}
