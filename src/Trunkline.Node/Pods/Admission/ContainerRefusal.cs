using k8s.Models;

namespace Trunkline.Node.Pods.Admission;

/// <summary>
/// What a container asks for and a lab's node does not give. All nodes share one kernel and a node's root is the machine's: whoever could mount, load modules or
/// see the node's processes would have the machine. It is said in words (CreateContainerConfigError), never silently left out. Pure.
/// </summary>
internal static class ContainerRefusal
{
    /// <summary>What may be added to the defaults: all of these end at the container's own namespaces, or at its node's network.</summary>
    private static readonly HashSet<string> s_capabilities = new(StringComparer.Ordinal)
    {
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "IPC_LOCK", "KILL", "LEASE", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW",
        "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT", "SYS_NICE", "SYS_PTRACE",
    };

    /// <summary>Null when the node runs it as asked.</summary>
    /// <param name="pod">The Pod.</param>
    /// <param name="container">One of its containers.</param>
    /// <param name="onNetworks">Whether the Pod's sandbox is on secondary networks, whatever its annotation says by now.</param>
    public static string? Of(V1Pod pod, V1Container container, bool onNetworks = false) =>
        OfPod(pod.Spec) ?? OfContainer(pod, container, container.SecurityContext) ?? (onNetworks ? OnNetworks(container) : null);

    // The rules there are in the Pod's own namespace, beyond the node's reach: who may change them has none.
    private static string? OnNetworks(V1Container container) => (container.SecurityContext?.Capabilities?.Add ?? []).Select(Plain).Contains("NET_ADMIN")
        ? "capability NET_ADMIN may not be added in a Pod with secondary networks: their policies and source checks are rules in the Pod's own network namespace, which it "
            + "could then take away; leave out NET_ADMIN (addresses, routes and links are made by the node; NET_RAW may stay), or the annotation k8s.v1.cni.cncf.io/networks"
        : null;

    private static string? OfPod(V1PodSpec spec)
    {
        var shared = spec switch
        {
            { HostPID: true } => "hostPID",
            { HostIPC: true } => "hostIPC",
            { ShareProcessNamespace: true } => "shareProcessNamespace",
            { HostUsers: false } => "hostUsers: false",
            _ => null,
        };
        return shared is null ? SafeSysctls.Refusal(spec) : $"spec.{shared} is not offered by a lab's node: each container has a process namespace of its own";
    }

    private static string? OfContainer(V1Pod pod, V1Container container, V1SecurityContext? security)
    {
        if (security?.Privileged == true)
        {
            return "privileged containers are not allowed on a lab's node: all nodes share the machine's kernel, so that a privileged container would have the machine";
        }

        var wanted = (security?.Capabilities?.Add ?? []).Select(Plain).FirstOrDefault(name => !s_capabilities.Contains(name));
        if (wanted is not null)
        {
            return $"capability {wanted} may not be added on a lab's node (those that may: {string.Join(", ", s_capabilities.Order(StringComparer.Ordinal))})";
        }

        if ((security?.SeccompProfile ?? pod.Spec.SecurityContext?.SeccompProfile)?.Type is "Unconfined" or "Localhost")
        {
            return "seccompProfile must be RuntimeDefault on a lab's node: every container runs under it";
        }

        if (security?.ProcMount is "Unmasked")
        {
            return "procMount Unmasked is not allowed on a lab's node";
        }

        return container.VolumeDevices is { Count: > 0 } ? "volumeDevices: a lab's node has no block devices" : null;
    }

    private static string Plain(string name)
    {
        var upper = name.ToUpperInvariant();
        return upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper[4..] : upper;
    }
}
