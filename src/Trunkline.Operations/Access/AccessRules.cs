using Trunkline.Operations.Cluster;
using Trunkline.Operations.Enable;

namespace Trunkline.Operations.Access;

/// <summary>The least rights of each command: one table, from which <c>trunkline rbac</c> prints and by which a missing right is told.</summary>
public static class AccessRules
{
    private static readonly string[] s_read = ["get", "list"];
    private static readonly string[] s_list = ["list"];

    // Pods that prove something live in Trunkline's own namespace.
    private static readonly AccessRule[] s_probes =
    [
        new(ResourceKinds.Namespace, ["create"]),
        new(ResourceKinds.Namespace, ["get", "delete"], Names: [LoaderManifests.Namespace]),
        new(ResourceKinds.Pod, ["create", "get", "list", "delete"], Namespace: LoaderManifests.Namespace),
        new(ResourceKinds.Pod, ["get"], "log", LoaderManifests.Namespace),
    ];

    private static readonly ResourceKind[] s_policies = [ResourceKinds.Pod, ResourceKinds.Namespace, ResourceKinds.Node, ResourceKinds.Service, ResourceKinds.EndpointSlice, ResourceKinds.NetworkPolicy, ResourceKinds.ClusterNetworkPolicy];

    /// <summary>The commands that have a role.</summary>
    public static IReadOnlyList<string> Commands { get; } = ["enable", "disable", "doctor", "lint", "verify", "policy"];

    /// <summary>What a command needs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such command.</exception>
    public static IReadOnlyList<AccessRule> Of(string command) => command switch
    {
        "enable" => [.. Lists(ModulePlan.Kinds), .. Switches("create", "patch"), .. Tools(), .. s_probes],
        "disable" => [.. Lists(ModulePlan.Kinds), .. Switches("create", "patch", "delete"), .. Tools(), .. s_probes],
        "doctor" or "lint" => [.. Lists(ResourceKinds.All)],
        "verify" =>
        [
            .. Lists(ResourceKinds.All), new(ResourceKinds.Namespace, ["create", "get", "delete"]), new(ResourceKinds.Pod, ["create", "get", "delete"]), new(ResourceKinds.Pod, ["create", "get"], "exec"),
            new(ResourceKinds.Pod, ["get"], "log"), new(ResourceKinds.Pod, ["get", "patch"], "ephemeralcontainers"), new(ResourceKinds.Service, ["create", "get", "delete"]), new(ResourceKinds.NetworkPolicy, ["create", "get", "delete"]),
        ],
        // The exec is `policy verify`'s, which asks from within Pods; explain, matrix and diff only read.
        "policy" => [.. Lists(s_policies), new(ResourceKinds.Pod, ["create", "get"], "exec")],
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, $"there is no role for it; there is one for {string.Join(", ", Commands)}."),
    };

    private static IEnumerable<AccessRule> Lists(IEnumerable<ResourceKind> kinds) => kinds.Distinct().Select(kind => new AccessRule(kind, s_list));

    private static IEnumerable<AccessRule> Switches(params string[] verbs) =>
    [
        new(ResourceKinds.MachineConfig, verbs),
        new(ResourceKinds.ServiceAccount, ["create"], Namespace: LoaderManifests.Namespace),
        new(ResourceKinds.DaemonSet, ["create", "get", "patch"], Namespace: LoaderManifests.Namespace),
    ];

    private static IEnumerable<AccessRule> Tools() => [new(ResourceKinds.ImageStreamTag, s_read, Namespace: "openshift", Names: ["tools:latest"])];
}
