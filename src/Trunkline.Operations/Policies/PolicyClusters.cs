using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Policy.Model;
using Trunkline.Policy.Reading;

namespace Trunkline.Operations.Policies;

/// <summary>From a cluster's objects to what its verdicts depend on.</summary>
public static class PolicyClusters
{
    /// <summary>The kinds that have to be read for it.</summary>
    public static IReadOnlyList<ResourceKind> Kinds { get; } =
        [ResourceKinds.Namespace, ResourceKinds.Pod, ResourceKinds.Node, ResourceKinds.NetworkPolicy, ResourceKinds.ClusterNetworkPolicy, ResourceKinds.Service, ResourceKinds.EndpointSlice];

    /// <summary>The cluster as policies see it.</summary>
    public static PolicyCluster Of(ClusterObjects objects) => new(
        objects.Of(ResourceKinds.Namespace).Select(item => new PolicyNamespace(item.Name, NamespaceLabels(item))),
        objects.Of(ResourceKinds.Pod).Select(Pod),
        objects.Of(ResourceKinds.NetworkPolicy).Select(item => NetworkPolicyReader.Read(item.Namespace ?? "", item.Name, Element(item.Spec))),
        objects.Of(ResourceKinds.Node).Select(Node),
        objects.Of(ResourceKinds.ClusterNetworkPolicy).Select(item => ClusterPolicyReader.Read(item.Name, Element(item.Spec))));

    /// <summary>A Pod as policies see it.</summary>
    public static PolicyPod Pod(ClusterObject pod) => new(pod.Namespace ?? "", pod.Name)
    {
        Labels = Labels(pod),
        Addresses = Addresses(pod.Status),
        NodeName = pod.Spec.Field("nodeName").AsText(),
        HostNetwork = pod.Spec.Field("hostNetwork").IsTrue(),
        Completed = pod.Status.Field("phase").AsText() is "Succeeded" or "Failed",
        Ports = [.. pod.Spec.Field("containers").Objects().SelectMany(container => container["ports"].Objects()).SelectMany(Named)],
    };

    // Kubernetes itself gives every namespace its name as a label; an archive may be older than that.
    private static Dictionary<string, string> NamespaceLabels(ClusterObject item) => new(Labels(item), StringComparer.Ordinal) { ["kubernetes.io/metadata.name"] = item.Name };

    private static PolicyNode Node(ClusterObject node) => new(
        node.Name,
        [.. node.Status.Field("addresses").Objects().Where(address => address["type"].AsText()?.EndsWith("IP", StringComparison.Ordinal) == true).SelectMany(address => Address(address["address"].AsText()))])
    {
        Labels = Labels(node),
    };

    // podIPs, or podIP alone; of each family the first.
    private static IReadOnlyList<IPAddress> Addresses(JsonObject? status)
    {
        var texts = status.Field("podIPs").Objects().Select(item => item["ip"].AsText()).ToList();
        return [.. (texts.Count > 0 ? texts : [status.Field("podIP").AsText()]).SelectMany(Address).DistinctBy(address => address.AddressFamily)];
    }

    private static IPAddress[] Address(string? text) => IPAddress.TryParse(text, out var address) ? [address] : [];

    private static NamedPort[] Named(JsonObject port) =>
        port["name"].AsText() is { Length: > 0 } name && Protocols.Parse(port["protocol"].AsText()) is { } protocol && port["containerPort"].AsNumber() is { } number ? [new NamedPort(name, protocol, (int)number)] : [];

    private static Dictionary<string, string> Labels(ClusterObject item)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in item.Document["metadata"].Field("labels") as JsonObject ?? [])
        {
            labels[key] = value.AsText() ?? "";
        }

        return labels;
    }

    private static JsonElement? Element(JsonObject? spec) => spec is null ? null : JsonSerializer.SerializeToElement(spec);
}
