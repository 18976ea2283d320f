using k8s.Models;
using Trunkline.Node.Agent.Watching;

namespace Trunkline.Node.Pods.Variables;

/// <summary>What variables say of a Service; of ten thousand of them no more is kept.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its clusterIP.</param>
/// <param name="Ports">Its ports, in their order.</param>
internal sealed record AnnouncedService(string Namespace, string Name, string Address, IReadOnlyList<AnnouncedPort> Ports)
{
    /// <summary>Null where there is nothing to announce: headless Services, and those that are only a name, have no address.</summary>
    public static AnnouncedService? Of(V1Service service) => service.Spec is { ClusterIP: { Length: > 0 } and not "None", Ports: { Count: > 0 } ports }
        ? new AnnouncedService(
            SharedText.Of(service.Metadata.NamespaceProperty ?? ""), service.Metadata.Name, service.Spec.ClusterIP,
            [.. ports.Select(port => new AnnouncedPort(SharedText.Of(port.Name ?? ""), port.Port, SharedText.Of(port.Protocol ?? "TCP")))])
        : null;
}
