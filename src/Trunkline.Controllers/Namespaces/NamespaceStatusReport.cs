using k8s.Models;

namespace Trunkline.Controllers.Namespaces;

/// <summary>The conditions of a namespace that still has something in it, with the namespace controller's words.</summary>
internal static class NamespaceStatusReport
{
    public static List<V1NamespaceCondition> Conditions(
        IEnumerable<(string Resource, int Count)> remaining, IEnumerable<(string Finalizer, int Count)> finalizers, IReadOnlyList<string> failures, DateTime now)
    {
        var left = remaining.Where(r => r.Count > 0).OrderBy(r => r.Resource, StringComparer.Ordinal).ToList();
        var held = finalizers.Where(f => f.Count > 0).OrderBy(f => f.Finalizer, StringComparer.Ordinal).ToList();
        return
        [
            Make("NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered", now),
            Make("NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed", now),
            failures.Count == 0
                ? Make("NamespaceDeletionContentFailure", false, "ContentDeleted",
                    left.Count == 0 ? "All content successfully deleted" : "All content successfully deleted, may be waiting on finalization", now)
                : Make("NamespaceDeletionContentFailure", true, "ContentDeletionFailed",
                    $"Failed to delete all resource types, {failures.Count} remaining: {string.Join(", ", failures)}", now),
            left.Count == 0
                ? Make("NamespaceContentRemaining", false, "ContentRemoved", "All content successfully removed", now)
                : Make("NamespaceContentRemaining", true, "SomeResourcesRemain",
                    $"Some resources are remaining: {string.Join(", ", left.Select(r => $"{r.Resource} has {r.Count} resource instances"))}", now),
            held.Count == 0
                ? Make("NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished", now)
                : Make("NamespaceFinalizersRemaining", true, "SomeFinalizersRemain",
                    $"Some content in the namespace has finalizers remaining: {string.Join(", ", held.Select(f => $"{f.Finalizer} in {f.Count} resource instances"))}", now),
        ];
    }

    private static V1NamespaceCondition Make(string type, bool status, string reason, string message, DateTime now) => new()
    {
        Type = type,
        Status = status ? "True" : "False",
        Reason = reason,
        Message = message,
        LastTransitionTime = now,
    };
}
