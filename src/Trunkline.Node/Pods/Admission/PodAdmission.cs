using System.Globalization;
using k8s.Models;

namespace Trunkline.Node.Pods.Admission;

/// <summary>Whether the node takes a Pod that was bound to it: a kubelet's own check, for Pods that no scheduler saw. Pure.</summary>
internal static class PodAdmission
{
    public static (string Reason, string Message)? Refuse(V1Pod pod, IReadOnlyCollection<V1Pod> others, V1Node node)
    {
        var labels = node.Metadata.Labels ?? new Dictionary<string, string>();
        if (pod.Spec.NodeSelector?.Any(wanted => !labels.TryGetValue(wanted.Key, out var value) || value != wanted.Value) == true)
        {
            return ("NodeAffinity", "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
        }

        if (others.Count >= Limit(node, "pods"))
        {
            return ("OutOfpods", Shortage("pods", 1, others.Count, Limit(node, "pods")));
        }

        foreach (var (resource, unit) in ((string, decimal)[])[("cpu", 1000m), ("memory", 1m)])
        {
            var wanted = Request(pod, resource) * unit;
            var used = others.Sum(other => Request(other, resource)) * unit;
            var limit = Limit(node, resource) * unit;
            if (wanted > 0 && wanted + used > limit)
            {
                return ($"OutOf{resource}", Shortage(resource, wanted, used, limit));
            }
        }

        return ConflictingPort(pod, others) ? ("NodePorts", "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports") : null;
    }

    private static string Shortage(string resource, decimal wanted, decimal used, decimal capacity) =>
        $"Pod was rejected: Node didn't have enough resource: {resource}, requested: {Number(wanted)}, used: {Number(used)}, capacity: {Number(capacity)}";

    private static string Number(decimal value) => Math.Ceiling(value).ToString(CultureInfo.InvariantCulture);

    private static decimal Limit(V1Node node, string resource) =>
        node.Status?.Allocatable is { } list && list.TryGetValue(resource, out var quantity) ? quantity.ToDecimal() : decimal.MaxValue / 1_000_000;

    // What runs together, or what an init container needs by itself, whichever is more (Kubernetes: effective request).
    private static decimal Request(V1Pod pod, string resource)
    {
        var together = pod.Spec.Containers.Sum(container => Of(container, resource));
        var alone = (pod.Spec.InitContainers ?? []).Select(container => Of(container, resource)).DefaultIfEmpty().Max();
        return Math.Max(together, alone);
    }

    private static decimal Of(V1Container container, string resource) =>
        container.Resources?.Requests is { } requests && requests.TryGetValue(resource, out var quantity) ? quantity.ToDecimal() : 0;

    private static bool ConflictingPort(V1Pod pod, IEnumerable<V1Pod> others)
    {
        var mine = HostPorts(pod).ToHashSet();
        return mine.Count > 0 && others.SelectMany(HostPorts).Any(mine.Contains);
    }

    private static IEnumerable<(int Port, string Protocol)> HostPorts(V1Pod pod) => pod.Spec.Containers
        .SelectMany(container => container.Ports ?? [])
        .Select(port => (Port: port.HostPort ?? (pod.Spec.HostNetwork == true ? port.ContainerPort : 0), Protocol: port.Protocol ?? "TCP"))
        .Where(pair => pair.Port > 0);
}
