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

    /// <summary>The names as the runtime wants them (CAP_…), in a fixed order. A name this kernel does not have is left to the runtime to refuse.</summary>
    public static IReadOnlyList<string> For(V1SecurityContext? security)
    {
        var set = new SortedSet<string>(Default, StringComparer.Ordinal);
        var drop = Names(security?.Capabilities?.Drop);
        var add = Names(security?.Capabilities?.Add);
        if (drop.Contains("ALL"))
        {
            set.Clear();
        }

        set.ExceptWith(drop);
        set.UnionWith(add);
        return [.. set.Select(name => "CAP_" + name)];
    }

    private static HashSet<string> Names(IList<string>? names) =>
        [.. (names ?? []).Select(name => name.ToUpperInvariant()).Select(name => name.StartsWith("CAP_", StringComparison.Ordinal) ? name[4..] : name)];
}
