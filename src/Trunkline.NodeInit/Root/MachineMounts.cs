namespace Trunkline.NodeInit.Root;

/// <summary>Which of the machine's other file systems a node must see: on many machines /usr or /var is a disk of its own.</summary>
internal static class MachineMounts
{
    private static readonly string[] Wanted = ["/usr", "/opt", "/bin", "/sbin", "/lib", "/lib64", "/var"];

    // The node's own, or nobody's business there. Binding another lab's pinned namespaces would keep those alive.
    private static readonly string[] Unwanted =
        ["/proc", "/sys", "/dev", "/run", "/tmp", "/etc", "/root", "/home", "/var/lib/trunkline", "/var/log", "/var/run", "/var/tmp", "/var/lib/docker"];

    /// <summary>Mount points, parents first, that a plain bind of / leaves out and the node's programs may need.</summary>
    public static IReadOnlyList<string> BesideRoot(IEnumerable<string> mountInfo, IReadOnlyList<string> needed) =>
        [.. mountInfo.Select(Parse)
            .Where(mount => mount.Type is not ("nsfs" or "autofs" or "proc" or "sysfs" or "cgroup" or "cgroup2"))
            .Select(mount => mount.Point)
            .Where(point => point != "/" && !Unwanted.Any(top => Within(point, top)))
            .Where(point => Wanted.Any(top => Within(point, top)) || needed.Any(path => Within(path, point)))
            .Distinct()
            .Order(StringComparer.Ordinal)];

    // proc(5): 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw
    private static (string Point, string Type) Parse(string line)
    {
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-");
        return (Unescape(fields[4]), fields[dash + 1]);
    }

    private static string Unescape(string path) =>
        path.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
            .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);

    private static bool Within(string path, string top) =>
        path == top || path.StartsWith(top.EndsWith('/') ? top : top + "/", StringComparison.Ordinal);
}
