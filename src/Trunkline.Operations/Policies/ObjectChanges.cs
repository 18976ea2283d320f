using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Policies;

/// <summary>A cluster's objects as they would be after manifests were applied to it, or what they name was deleted; nothing is sent.</summary>
public static class ObjectChanges
{
    private static readonly HashSet<ResourceKind> s_policies = [ResourceKinds.NetworkPolicy, ResourceKinds.ClusterNetworkPolicy];

    /// <summary>The cluster after <c>kubectl apply</c> of manifests.</summary>
    /// <param name="before">The cluster.</param>
    /// <param name="manifests">Policies, namespaces and Pods (of which labels count).</param>
    /// <param name="ns">The namespace of those that name none.</param>
    /// <param name="passedOver">What has no part in verdicts and is passed over.</param>
    /// <exception cref="ClusterException">A policy has no <c>spec</c>: the API server refuses it, or worse, stores one that denies all.</exception>
    public static ClusterObjects Apply(ClusterObjects before, IEnumerable<JsonObject> manifests, string ns, IList<string> passedOver) =>
        With(before, Named(manifests, ns, passedOver).Select(change => ((ResourceKind, string?, string))(change.Kind, change.Namespace, change.Name) is var key && before.TryFind(key.Item1, key.Item2, key.Item3, out var known)
            ? Merged(known, change)
            : Checked(change)), []);

    /// <summary>The cluster after <c>kubectl delete</c> of manifests.</summary>
    public static ClusterObjects Delete(ClusterObjects before, IEnumerable<JsonObject> manifests, string ns, IList<string> passedOver) =>
        With(before, [], [.. Named(manifests, ns, passedOver).Select(item => (item.Kind, item.Namespace, item.Name))]);

    private static ClusterObjects With(ClusterObjects before, IEnumerable<ClusterObject> changes, HashSet<(ResourceKind, string?, string)> gone)
    {
        var changed = changes.GroupBy(item => (item.Kind, item.Namespace, item.Name)).ToDictionary(same => same.Key, same => same.Last());
        var kept = PolicyClusters.Kinds.SelectMany(before.Of).Where(item => !gone.Contains((item.Kind, item.Namespace, item.Name)))
            .Select(item => changed.Remove((item.Kind, item.Namespace, item.Name), out var other) ? other : item).ToList();
        return new ClusterObjects([.. kept, .. changed.Values], before.Unread, before.Source);
    }

    private static IEnumerable<ClusterObject> Named(IEnumerable<JsonObject> manifests, string ns, IList<string> passedOver)
    {
        foreach (var manifest in manifests)
        {
            var (kind, name) = (ResourceKinds.Of(manifest["apiVersion"].AsText() ?? "", manifest["kind"].AsText() ?? ""), manifest["metadata"].Field("name").AsText());
            if (name is not null && kind is not null && (s_policies.Contains(kind) || kind == ResourceKinds.Namespace || kind == ResourceKinds.Pod))
            {
                yield return new ClusterObject(kind, kind.Namespaced ? manifest["metadata"].Field("namespace").AsText() ?? ns : null, name, manifest);
            }
            else
            {
                passedOver.Add($"{manifest["kind"].AsText() ?? "an object without kind"} {name}".TrimEnd());
            }
        }
    }

    private static ClusterObject Checked(ClusterObject item) => !s_policies.Contains(item.Kind) || item.Spec is not null
        ? item
        : throw new ClusterException($"{item.Title} has no spec{(item.Document["metadata"].Field("spec") is null ? "" : " (it stands under metadata)")}: an API server that validates refuses it, another stores a policy that denies everything. `trunkline lint --fix` mends it.");

    // Of a Pod or namespace that runs, its labels are what verdicts see change.
    private static ClusterObject Merged(ClusterObject known, ClusterObject change)
    {
        if (s_policies.Contains(known.Kind))
        {
            return Checked(change);
        }

        var document = (JsonObject)known.Document.DeepClone();
        var labels = document["metadata"]!.Field("labels") as JsonObject ?? [];
        foreach (var (key, value) in change.Document["metadata"].Field("labels") as JsonObject ?? [])
        {
            labels[key] = value?.DeepClone();
        }

        document["metadata"]!["labels"] = labels.Parent is null ? labels : labels.DeepClone();
        return known with { Document = document };
    }
}
