using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Nodes;
using Trunkline.Controllers.Scheduling;

namespace Trunkline.Controllers.Workloads;

/// <summary>On which nodes a DaemonSet's Pod belongs, and the Pod for one.</summary>
internal static class DaemonPlacement
{
    private static readonly (string Key, string Effect)[] _tolerated =
    [
        (NodeTaints.NotReady, "NoExecute"), (NodeTaints.Unreachable, "NoExecute"), ("node.kubernetes.io/disk-pressure", "NoSchedule"),
        ("node.kubernetes.io/memory-pressure", "NoSchedule"), ("node.kubernetes.io/pid-pressure", "NoSchedule"), (NodeTaints.Unschedulable, "NoSchedule"),
    ];

    /// <summary>May start there, and may stay there: a NoSchedule taint that came later ends no Pod.</summary>
    public static (bool Run, bool Stay) Decide(V1DaemonSet set, V1Node node)
    {
        var pod = PodFor(set, node.Metadata.Name, "");
        if (!NodeAffinity.Required(pod.Spec, node))
        {
            return (false, false);
        }

        var blocking = (node.Spec?.Taints ?? []).Where(t => t.Effect is "NoSchedule" or "NoExecute" && !t.ToleratedBy(pod.Spec.Tolerations)).ToList();
        return (blocking.Count == 0, !blocking.Any(t => t.Effect == "NoExecute"));
    }

    /// <summary>A Pod that the scheduler can bind to that node only, and that bears what nodes go through.</summary>
    public static V1Pod PodFor(V1DaemonSet set, string node, string hash)
    {
        var pod = PodFactory.From(set.Spec.Template, set);
        pod.Metadata.Labels = new Dictionary<string, string>(pod.Metadata.Labels ?? new Dictionary<string, string>())
        {
            ["controller-revision-hash"] = hash,
            ["pod-template-generation"] = set.Annotation("deprecated.daemonset.template.generation") ?? "1",
        };
        pod.Spec.Affinity ??= new V1Affinity();
        pod.Spec.Affinity.NodeAffinity ??= new V1NodeAffinity();
        pod.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution =
            Pinned(pod.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution, node);
        var extra = _tolerated.Concat(pod.Spec.HostNetwork == true ? [("node.kubernetes.io/network-unavailable", "NoSchedule")] : [])
            .Select(t => new V1Toleration { Key = t.Item1, Effect = t.Item2, OperatorProperty = "Exists" });
        pod.Spec.Tolerations = [.. pod.Spec.Tolerations ?? [], .. extra];
        return pod;
    }

    /// <summary>The name of the node is added to each term, since terms are ORed.</summary>
    private static V1NodeSelector Pinned(V1NodeSelector? required, string node)
    {
        var field = new V1NodeSelectorRequirement { Key = "metadata.name", OperatorProperty = "In", Values = [node] };
        var terms = required?.NodeSelectorTerms ?? [new V1NodeSelectorTerm()];
        return new V1NodeSelector
        {
            NodeSelectorTerms = [.. terms.Select(t => new V1NodeSelectorTerm { MatchExpressions = t.MatchExpressions, MatchFields = [.. t.MatchFields ?? [], field] })],
        };
    }

    /// <summary>The node a Pod runs on, or the one it waits for.</summary>
    public static string? NodeOf(V1Pod pod) =>
        !string.IsNullOrEmpty(pod.Spec.NodeName)
            ? pod.Spec.NodeName
            : pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms
                .SelectMany(t => t.MatchFields ?? []).FirstOrDefault(f => f.Key == "metadata.name")?.Values?.FirstOrDefault();
}
