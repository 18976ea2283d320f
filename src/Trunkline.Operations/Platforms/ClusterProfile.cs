using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Platforms;

/// <summary>What a cluster is and what its network is made of, each conclusion with its evidence. From objects alone, live or of an archive.</summary>
/// <param name="Platform">The platform.</param>
/// <param name="Plugins">What carries Pods' packets and carries out policies. Empty: nothing known was found.</param>
/// <param name="Proxies">What serves Services.</param>
/// <param name="Others">Load balancers and plugins of plugins.</param>
public sealed record ClusterProfile(ClusterPlatform Platform, IReadOnlyList<NetworkComponent> Plugins, IReadOnlyList<NetworkComponent> Proxies, IReadOnlyList<NetworkComponent> Others)
{
    /// <summary>The kinds of objects that a profile is read from.</summary>
    public static IReadOnlyList<ResourceKind> Kinds { get; } =
    [
        ResourceKinds.Node, ResourceKinds.ClusterVersion, ResourceKinds.Infrastructure, ResourceKinds.Network, ResourceKinds.MachineConfigPool, ResourceKinds.DaemonSet,
        ResourceKinds.Deployment, ResourceKinds.ConfigMap, ResourceKinds.FelixConfiguration,
    ];

    /// <summary>All parts of the network, each once.</summary>
    public IReadOnlyList<NetworkComponent> Network => [.. Plugins.Concat(Proxies).Concat(Others).DistinctBy(part => part.Kind)];

    /// <summary>All limits, worst first.</summary>
    public IReadOnlyList<SctpLimit> Limits => [.. Network.SelectMany(part => part.Limits).DistinctBy(limit => limit.Id).OrderByDescending(limit => limit.Severity)];

    /// <summary>Looks at a cluster's objects.</summary>
    public static ClusterProfile Of(ClusterObjects objects)
    {
        var platform = ClusterPlatform.Of(objects);
        var detection = new NetworkDetection(objects, platform);
        var plugins = detection.Plugins();
        if (platform.Kind == PlatformKind.Gke)
        {
            plugins = WithNodeImages(objects, plugins);
        }

        return new ClusterProfile(platform, plugins, detection.Proxies(plugins), detection.Others());
    }

    // On GKE the node image decides, whatever the plugin.
    private static IReadOnlyList<NetworkComponent> WithNodeImages(ClusterObjects objects, IReadOnlyList<NetworkComponent> plugins)
    {
        var node = objects.Of(ResourceKinds.Node).FirstOrDefault(item => item.Status.Field("nodeInfo").Field("osImage").AsText()?.StartsWith("Container-Optimized OS", StringComparison.Ordinal) == true);
        if (node is null)
        {
            return plugins;
        }

        var limit = SctpLimits.GkeNeedsUbuntu(node.Title);
        return plugins.Count == 0
            ? [new NetworkComponent(NetworkKind.Unknown, "GKE's network", [$"{node.Title} is GKE's"], [limit])]
            : [plugins[0] with { Limits = [limit, .. plugins[0].Limits] }, .. plugins.Skip(1)];
    }
}
