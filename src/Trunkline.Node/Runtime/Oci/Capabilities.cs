using k8s.Models;

namespace Trunkline.Node.Runtime.Oci;

/// <summary>Which capabilities a container has: CRI-O's default, then what its security context drops, then what that adds.</summary>
internal static class Capabilities
{
    /// <summary>CRI-O's default_capabilities. NET_RAW is not among them, so nobody in a Pod can forge packets.</summary>
    public static readonly IReadOnlyList<string> Default =
    [
        "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE", "KILL",
    ];

    private static readonly string[] All =
    [
        "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH",
        "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN",
        "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT",
        "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
    ];

    /// <summary>The names as the runtime wants them (CAP_…), in a fixed order. A name this kernel does not have is left to the runtime to refuse.</summary>
    public static IReadOnlyList<string> For(V1SecurityContext? security)
    {
        if (security?.Privileged == true)
        {
            return [.. All.Except(MissingOnNode()).Select(name => "CAP_" + name)];
        }

        var set = new SortedSet<string>(Default, StringComparer.Ordinal);
        var drop = Names(security?.Capabilities?.Drop);
        var add = Names(security?.Capabilities?.Add);
        if (drop.Contains("ALL"))
        {
            set.Clear();
        }

        set.ExceptWith(drop);
        set.UnionWith(add.Contains("ALL") ? All.Except(MissingOnNode()) : add);
        return [.. set.Select(name => "CAP_" + name)];
    }

    // A lab's node may lack some itself (SYS_RESOURCE on a container host); "all" can only mean all that there are.
    private static IEnumerable<string> MissingOnNode()
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("CapBnd:", StringComparison.Ordinal));
        var bounding = Convert.ToUInt64(line["CapBnd:".Length..].Trim(), 16);
        return CapabilityNumbers.ByName.Where(pair => (bounding & (1UL << pair.Value)) == 0).Select(pair => pair.Key);
    }

    private static HashSet<string> Names(IList<string>? names) =>
        [.. (names ?? []).Select(name => name.ToUpperInvariant()).Select(name => name.StartsWith("CAP_", StringComparison.Ordinal) ? name[4..] : name)];
}
