namespace Trunkline.Node.Pods;

/// <summary>The control group that holds a Pod's containers' groups: runc makes it on the way and leaves it behind.</summary>
internal static class PodCgroup
{
    private const string MountRoot = "/sys/fs/cgroup";

    public static void Remove(string path)
    {
        foreach (var hierarchy in (string[])[MountRoot, .. Directory.GetDirectories(MountRoot)])
        {
            var directory = Path.Join(hierarchy, path);
            if (Directory.Exists(directory) && Directory.GetDirectories(directory).Length == 0)
            {
                Directory.Delete(directory); // rmdir: a control group's files are the kernel's
            }
        }
    }
}
