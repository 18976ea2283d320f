using k8s.Models;
using Trunkline.Node.Pods.Variables;

namespace Trunkline.Node.Pods.Volumes;

/// <summary>
/// What of its node a Pod may see by hostPath. A node's root is the machine's, so only what is the node's own, and for looking alone: a Pod that could leave
/// links in these directories would have the node's programs follow them. /tmp is a place shared by the node's Pods, and not the one its programs use.
/// </summary>
internal static class HostPaths
{
    private const string Scratch = "/tmp";
    private const string ScratchPlace = "/run/trunkline/scratch";
    private static readonly string[] s_shown = ["/var/log", "/etc/modprobe.d", "/etc/modules-load.d", "/etc/machine-config-daemon"];

    public static bool IsReadOnly(V1HostPathVolumeSource source) => !Within(Full(source), Scratch);

    /// <summary>The directory that is trusted, and the path below it.</summary>
    public static (string Root, string Inside) Locate(V1HostPathVolumeSource source)
    {
        var path = Full(source);
        return Within(path, Scratch) ? (ScratchPlace, path[Scratch.Length..]) : ("/", path);
    }

    /// <summary>Fails with words where the node does not show it; makes what the volume says is to be made.</summary>
    public static void Check(string volume, V1HostPathVolumeSource source, string node)
    {
        var path = Full(source);
        if (Within(path, Scratch))
        {
            Directory.CreateDirectory(ScratchPlace);
            File.SetUnixFileMode(ScratchPlace, (UnixFileMode)0b1_111_111_111); // 1777, as any /tmp
            if (source.Type == "DirectoryOrCreate")
            {
                MakeInScratch(path);
            }

            return; // whether it stands there is seen when it is opened
        }

        if (!s_shown.Any(shown => Within(path, shown)))
        {
            throw new ConfigurationException(
                $"hostPath volume \"{volume}\": {node} shows Pods only {string.Join(", ", s_shown)} (to read) and {Scratch}, not {path}");
        }

        if (!Path.Exists(path))
        {
            throw new ConfigurationException($"hostPath volume \"{volume}\": {path} does not exist");
        }
    }

    // Only where nothing stands yet, or a directory: a link of that name is refused when it is opened.
    private static void MakeInScratch(string path)
    {
        var place = ScratchPlace;
        foreach (var part in path[Scratch.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            place = Path.Join(place, part);
            if (new FileInfo(place).LinkTarget is not null)
            {
                return;
            }

            Directory.CreateDirectory(place);
        }
    }

    private static string Full(V1HostPathVolumeSource source) => Path.GetFullPath(source.Path);

    private static bool Within(string path, string top) => path == top || path.StartsWith(top + "/", StringComparison.Ordinal);
}
