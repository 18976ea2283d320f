using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Doctor;

/// <summary>All objects that concern one: what it refers to and what refers to it, as far as SCTP to it depends on them.</summary>
internal static class ResourceScope
{
    /// <summary>The titles of those objects.</summary>
    /// <exception cref="ClusterException">There is no such object.</exception>
    public static HashSet<string> Of(ClusterView view, ResourceName resource)
    {
        if (!view.Objects.TryFind(resource.Kind, resource.Namespace, resource.Name, out var found))
        {
            throw new ClusterException($"{view.Objects.Source} has no {resource.Kind.Name} {(resource.Namespace is null ? "" : $"{resource.Namespace}/")}{resource.Name}{(view.Objects.WasRead(resource.Kind) ? "" : " that may be read here")}.");
        }

        var scope = new HashSet<string>(StringComparer.Ordinal) { found.Title };
        switch (resource.Kind.Name)
        {
            case "Service":
                var service = view.Services.First(one => ReferenceEquals(one.Source, found));
                scope.UnionWith(service.Slices.Select(slice => slice.Title));
                Pods(view, service.Pods, scope, services: false);
                break;
            case "Pod":
                Pods(view, view.Pods.Where(pod => ReferenceEquals(pod.Source, found)), scope, services: true);
                break;
            case "NetworkPolicy":
                scope.UnionWith(view.Policies.Policies.Where(pair => ReferenceEquals(pair.Source, found)).SelectMany(pair => view.Policies.Selected(pair.Policy)).SelectMany(pod => new[] { pod.Title, view.Owner(pod).Title }));
                break;
            case "Node":
                Node(view, found.Name, scope);
                scope.UnionWith(view.Pods.Where(pod => pod.NodeName == found.Name && pod.SpeaksSctp).Select(pod => pod.Title));
                break;
            case "MachineConfigPool":
                scope.UnionWith(view.Pools.All.Where(pool => ReferenceEquals(pool.Source, found)).SelectMany(pool => pool.Nodes.Select(node => node.Title).Concat(pool.Configs.Select(config => config.Source.Title))));
                break;
            case "MachineConfig":
                scope.UnionWith(view.Pools.All.Where(pool => pool.Configs.Any(config => ReferenceEquals(config.Source, found))).Select(pool => pool.Title));
                break;
            default:
                Pods(view, view.Pods.Where(pod => ReferenceEquals(view.Owner(pod), found)), scope, services: true);
                break;
        }

        return scope;
    }

    private static void Pods(ClusterView view, IEnumerable<PodView> pods, HashSet<string> scope, bool services)
    {
        foreach (var pod in pods.ToList())
        {
            scope.Add(pod.Title);
            scope.Add(view.Owner(pod).Title);
            scope.UnionWith(pod.Spec.Field("volumes").Objects().Select(volume => volume["configMap"].Field("name").AsText()).OfType<string>().Select(name => $"ConfigMap {pod.Namespace}/{name}"));
            if (services)
            {
                scope.UnionWith(view.Services.Where(service => service.Pods.Contains(pod)).Select(service => service.Title));
            }

            if (view.Policies.Of(pod) is { } model)
            {
                scope.UnionWith(new[] { TrafficDirection.Ingress, TrafficDirection.Egress }.SelectMany(direction => view.Policies.Cluster.Isolating(model, direction)).Select(policy => $"NetworkPolicy {policy}"));
            }

            if (pod.NodeName is { } node)
            {
                Node(view, node, scope);
            }
        }
    }

    private static void Node(ClusterView view, string node, HashSet<string> scope)
    {
        scope.Add($"Node {node}");
        if (view.Pools.OfNode(node) is { } pool)
        {
            scope.Add(pool.Title);
            scope.UnionWith(pool.Configs.Select(config => config.Source.Title));
        }
    }
}
