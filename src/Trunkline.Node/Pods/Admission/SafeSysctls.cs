using k8s.Models;

namespace Trunkline.Node.Pods.Admission;

/// <summary>Kernel parameters a Pod may set without its node's consent: those of its own namespaces (Kubernetes: "Using sysctls in a cluster"). Pure.</summary>
internal static class SafeSysctls
{
    private static readonly HashSet<string> s_safe = new(StringComparer.Ordinal)
    {
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem",
    };

    public static IReadOnlyDictionary<string, string> Of(V1PodSpec spec) =>
        (spec.SecurityContext?.Sysctls ?? []).ToDictionary(sysctl => Dotted(sysctl.Name), sysctl => sysctl.Value, StringComparer.Ordinal);

    /// <summary>A kubelet's words for what it does not set; null when it sets all.</summary>
    public static string? Refusal(V1PodSpec spec)
    {
        var names = Of(spec).Keys;
        if (names.FirstOrDefault(name => !s_safe.Contains(name)) is { } unsafeName)
        {
            return $"forbidden sysctl: \"{unsafeName}\" not allowlisted";
        }

        return spec.HostNetwork == true && names.FirstOrDefault(name => name.StartsWith("net.", StringComparison.Ordinal)) is { } own
            ? $"forbidden sysctl: \"{own}\" not allowed with host net enabled"
            : null;
    }

    // Both net.ipv4.x and net/ipv4/x are names of the same thing.
    private static string Dotted(string name) => name.Replace('/', '.');
}
