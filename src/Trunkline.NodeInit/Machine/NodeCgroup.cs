namespace Trunkline.NodeInit.Machine;

/// <summary>
/// The node's control groups: <c>system</c> for its own processes, <c>pods</c> for containers (runc makes those). Whoever takes the lab apart
/// finds every process of the node there, whatever was killed before. Hierarchies of version 1 and the one of version 2 are treated alike.
/// </summary>
internal sealed class NodeCgroup(string path, string mountRoot = "/sys/fs/cgroup")
{
    public void EnterSystem()
    {
        foreach (var hierarchy in Hierarchies())
        {
            var directory = Path.Join(hierarchy, path, "system");
            Directory.CreateDirectory(directory);
            if (File.Exists(Path.Join(directory, "cpuset.cpus")))
            {
                CopyCpuset(hierarchy, directory);
            }

            File.WriteAllText(Path.Join(directory, "cgroup.procs"), "0");
        }
    }

    /// <summary>Removes what containers of an ended boot left; their processes ended with the node's PID namespace.</summary>
    public void RemovePods()
    {
        foreach (var hierarchy in Hierarchies())
        {
            RemoveTree(Path.Join(hierarchy, path, "pods"));
        }
    }

    private IEnumerable<string> Hierarchies()
    {
        if (File.Exists(Path.Join(mountRoot, "cgroup.controllers")))
        {
            return [mountRoot];
        }

        // Version 1, with or without a version 2 beside it; symbolic links (cpu -> cpu,cpuacct) name the same hierarchy twice.
        return Directory.EnumerateDirectories(mountRoot)
            .Where(directory => File.Exists(Path.Join(directory, "cgroup.procs")) && new DirectoryInfo(directory).LinkTarget is null);
    }

    // A version 1 cpuset admits no process before it has processors and memory nodes, at each level.
    private static void CopyCpuset(string hierarchy, string directory)
    {
        var current = hierarchy;
        foreach (var part in Path.GetRelativePath(hierarchy, directory).Split('/'))
        {
            var child = Path.Join(current, part);
            foreach (var file in (string[])["cpuset.cpus", "cpuset.mems"])
            {
                if (string.IsNullOrWhiteSpace(File.ReadAllText(Path.Join(child, file))))
                {
                    File.WriteAllText(Path.Join(child, file), File.ReadAllText(Path.Join(current, file)));
                }
            }

            current = child;
        }
    }

    private static void RemoveTree(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var child in Directory.GetDirectories(directory))
        {
            RemoveTree(child);
        }

        try
        {
            // A control group's files cannot be unlinked and need not be: rmdir alone.
            Directory.Delete(directory, recursive: false);
        }
        catch (IOException error)
        {
            Console.WriteLine($"machine: {directory} stays: {error.Message}");
        }
    }
}
