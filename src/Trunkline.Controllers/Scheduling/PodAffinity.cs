using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Scheduling;

/// <summary>Required affinity between Pods, over any topology key that nodes carry as a label.</summary>
internal static class PodAffinity
{
    /// <summary>Null when the node is fine, else the scheduler's word for what is not.</summary>
    public static string? Violation(V1Pod pod, V1Node node, SchedulingSnapshot snapshot)
    {
        var spec = pod.Spec.Affinity;
        if (!(spec?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? []).All(t => HasPartner(t, pod, node, snapshot)))
        {
            return SchedulingReasons.PodAffinity;
        }

        if ((spec?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? []).Any(t => Meets(t, pod, node, snapshot)))
        {
            return SchedulingReasons.PodAntiAffinity;
        }

        return ExistingObject(pod, node, snapshot) ? SchedulingReasons.ExistingAntiAffinity : null;
    }

    private static bool HasPartner(V1PodAffinityTerm term, V1Pod pod, V1Node node, SchedulingSnapshot snapshot)
    {
        if (Meets(term, pod, node, snapshot))
        {
            return true;
        }

        // The first of a group that wants to be together has nobody to join: it may start one, if it matches its own term.
        var anywhere = snapshot.Placed.Any(p => Selects(term, pod, p.Pod, snapshot));
        return !anywhere && node.Label(term.TopologyKey) is not null && Selects(term, pod, pod, snapshot);
    }

    private static bool ExistingObject(V1Pod pod, V1Node node, SchedulingSnapshot snapshot) =>
        snapshot.Placed.Any(p => (p.Pod.Spec.Affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? [])
            .Any(t => Selects(t, p.Pod, pod, snapshot) && SameTopology(t.TopologyKey, node, p.Node)));

    private static bool Meets(V1PodAffinityTerm term, V1Pod pod, V1Node node, SchedulingSnapshot snapshot) =>
        snapshot.Placed.Any(p => SameTopology(term.TopologyKey, node, p.Node) && Selects(term, pod, p.Pod, snapshot));

    private static bool SameTopology(string key, V1Node left, V1Node right) => left.Label(key) is { } value && value == right.Label(key);

    /// <summary>No namespaces and no namespaceSelector: the namespace of the Pod that has the term.</summary>
    private static bool Selects(V1PodAffinityTerm term, V1Pod holder, V1Pod other, SchedulingSnapshot snapshot)
    {
        var home = other.Metadata.NamespaceProperty;
        var none = term.Namespaces is not { Count: > 0 } && term.NamespaceSelector is null;
        var inside = none ? home == holder.Metadata.NamespaceProperty
            : term.Namespaces?.Contains(home) == true || LabelSelection.Matches(term.NamespaceSelector, snapshot.NamespaceLabels(home));
        return inside && LabelSelection.Matches(term.LabelSelector, other.Metadata.Labels);
    }
}
