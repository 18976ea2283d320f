using System.Net;
using k8s.Models;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Cluster;

/// <summary>From the API's objects to the few facts that are kept of them.</summary>
internal static class Records
{
    private static readonly Dictionary<string, string> s_none = [];

    public static PodRecord Of(V1Pod pod) => new(pod.Metadata.Uid ?? "", new PolicyPod(pod.Metadata.NamespaceProperty ?? "", pod.Metadata.Name ?? "")
    {
        Labels = Labels(pod.Metadata),
        Addresses = Addresses(pod.Status),
        NodeName = pod.Spec?.NodeName,
        HostNetwork = pod.Spec?.HostNetwork ?? false,
        Completed = pod.Status?.Phase is "Succeeded" or "Failed",
        Ports = [.. (pod.Spec?.Containers ?? []).SelectMany(container => container.Ports ?? []).SelectMany(Named)],
    })
    {
        // With hostNetwork the container is at its node's ports already.
        HostPorts = pod.Spec?.HostNetwork == true ? [] : [.. (pod.Spec?.Containers ?? []).SelectMany(container => container.Ports ?? []).SelectMany(OnHost)],
    };

    public static PolicyNamespace Of(V1Namespace item) => new(item.Metadata.Name ?? "", Labels(item.Metadata));

    public static NodeRecord Of(V1Node node) => new(
        node.Metadata.Name ?? "",
        [.. Addresses(node, "InternalIP")],
        [.. (node.Spec?.PodCIDRs is { Count: > 0 } many ? many : [node.Spec?.PodCIDR ?? ""])
            .Where(text => IPNetwork.TryParse(text, out _)).Select(IPNetwork.Parse)])
    {
        AllAddresses = [.. Addresses(node, null).Distinct()],
        Labels = Labels(node.Metadata),
        IsReady = (node.Status?.Conditions ?? []).Any(condition => condition is { Type: "Ready", Status: "True" }),
    };

    // A name among them may be written like an address (type Hostname), and is none.
    private static IEnumerable<IPAddress> Addresses(V1Node node, string? type) => (node.Status?.Addresses ?? []).Where(a => type is null ? a.Type?.EndsWith("IP", StringComparison.Ordinal) == true : a.Type == type)
        .Select(a => IPAddress.TryParse(a.Address, out var address) ? address : null).OfType<IPAddress>();

    // podIPs, or podIP alone from whoever fills in no more; of each family the first.
    private static IReadOnlyList<IPAddress> Addresses(V1PodStatus? status)
    {
        var texts = status?.PodIPs is { Count: > 0 } many ? many.Select(item => item.Ip) : [status?.PodIP ?? ""];
        return [.. texts.Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>().DistinctBy(address => address.AddressFamily)];
    }

    private static IEnumerable<NamedPort> Named(V1ContainerPort port) =>
        port.Name is { Length: > 0 } && Protocols.Parse(port.Protocol) is { } protocol ? [new NamedPort(port.Name, protocol, port.ContainerPort)] : [];

    private static IEnumerable<HostPort> OnHost(V1ContainerPort port) =>
        port.HostPort is { } number and > 0 && Protocols.Parse(port.Protocol) is { } protocol ? [new HostPort(protocol, number, port.ContainerPort) { Address = IPAddress.TryParse(port.HostIP, out var host) ? host : null }] : [];

    internal static IReadOnlyDictionary<string, string> Labels(V1ObjectMeta metadata) =>
        metadata.Labels is { Count: > 0 } labels ? new Dictionary<string, string>(labels, StringComparer.Ordinal) : s_none;
}
