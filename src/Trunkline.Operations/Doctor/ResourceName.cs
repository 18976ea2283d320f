using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Doctor;

/// <summary>A resource as kubectl names it: <c>service/server</c>.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Namespace">Its namespace; null for a kind that has none.</param>
/// <param name="Name">Its name.</param>
public sealed record ResourceName(ResourceKind Kind, string? Namespace, string Name)
{
    private static readonly (string[] Words, ResourceKind Kind)[] s_words =
    [
        (["service", "services", "svc"], ResourceKinds.Service),
        (["pod", "pods", "po"], ResourceKinds.Pod),
        (["networkpolicy", "networkpolicies", "netpol"], ResourceKinds.NetworkPolicy),
        (["node", "nodes", "no"], ResourceKinds.Node),
        (["mcp", "machineconfigpool", "machineconfigpools"], ResourceKinds.MachineConfigPool),
        (["mc", "machineconfig", "machineconfigs"], ResourceKinds.MachineConfig),
        (["deployment", "deployments", "deploy"], ResourceKinds.Deployment),
        (["daemonset", "daemonsets", "ds"], ResourceKinds.DaemonSet),
        (["statefulset", "statefulsets", "sts"], ResourceKinds.StatefulSet),
    ];

    /// <summary>Reads one; null where it is none, or of a kind that a doctor does not narrow to.</summary>
    /// <param name="text">As written.</param>
    /// <param name="ns">The namespace that is meant.</param>
    public static ResourceName? Parse(string text, string ns) => text.Split('/') is [var kind, { Length: > 0 } name]
        && s_words.FirstOrDefault(known => known.Words.Contains(kind, StringComparer.OrdinalIgnoreCase)).Kind is { } known
            ? new ResourceName(known, known.Namespaced ? ns : null, name)
            : null;

    /// <summary>As findings name it: <c>Service x/server</c>.</summary>
    public string Title => Namespace is null ? $"{Kind.Name} {Name}" : $"{Kind.Name} {Namespace}/{Name}";

    /// <summary>The words for a kind that are understood.</summary>
    public static string Known => string.Join(", ", s_words.Select(known => $"{known.Words[0]}/NAME"));
}
