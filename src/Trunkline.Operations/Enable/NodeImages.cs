using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Platforms;

namespace Trunkline.Operations.Enable;

/// <summary>Chooses the image of Pods that are started on nodes: it needs a shell, and nothing should have to be pulled. Pure.</summary>
public static class NodeImages
{
    // What is pulled where no node has anything better.
    private const string Fallback = "docker.io/library/busybox:1.37";

    // Images that clusters have anyway, and that have a shell with cat, grep and chroot.
    private static readonly string[] s_withShell =
    [
        "library/busybox", "mirrored-library-busybox", "library/alpine", "flannel/flannel:", "mirrored-flannel", "cilium/cilium:", "cloudnativelabs/kube-router", "antrea-agent-ubuntu", "ubi8/ubi", "ubi9/ubi",
        "library/ubuntu", "library/debian", "klipper-helm",
    ];

    /// <summary>The image, and whether every node has it already.</summary>
    /// <param name="objects">The cluster's objects.</param>
    /// <param name="platform">What it is.</param>
    /// <param name="nodes">The nodes on which Pods will be started.</param>
    /// <param name="named">What the caller named; null for nothing.</param>
    public static (string Image, bool Present) Choose(ClusterObjects objects, ClusterPlatform platform, IReadOnlyCollection<string> nodes, string? named)
    {
        if (named is not null)
        {
            return (named, false);
        }

        switch (platform.Kind)
        {
            case PlatformKind.OpenShift or PlatformKind.OpenShiftHosted:
                return (OpenShiftTools, false);
            case PlatformKind.Lab:
                return (Fallback, true); // a lab serves every name with its base image
        }

        var lists = objects.Of(ResourceKinds.Node).Where(node => nodes.Contains(node.Name)).Select(Names).ToList();
        var found = lists is [var first, ..] ? s_withShell.SelectMany(part => first.Where(name => name.Contains(part, StringComparison.Ordinal))).FirstOrDefault(name => lists.TrueForAll(list => list.Contains(name))) : null;
        return found is null ? (Fallback, false) : (found, true);
    }

    /// <summary>OpenShift's tools image, by the name that its ImageStream gives it in the internal registry.</summary>
    public const string OpenShiftTools = "image-registry.openshift-image-registry.svc:5000/openshift/tools:latest";

    private static HashSet<string> Names(ClusterObject node) =>
    [
        .. node.Status.Field("images").Objects().SelectMany(image => image["names"] as JsonArray ?? []).Select(name => name.AsText()).OfType<string>().Where(name => !name.Contains('@', StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
