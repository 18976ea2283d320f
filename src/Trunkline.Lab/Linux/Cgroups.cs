namespace Trunkline.Lab.Linux;

/// <summary>The lab's control groups in whatever hierarchies the machine mounts (version 1, 2, or both). Through them every process of a lab is found.</summary>
internal sealed class Cgroups(string path, string mountRoot = "/sys/fs/cgroup")
{
    /// <summary>The hierarchies' roots.</summary>
    public IReadOnlyList<string> Hierarchies { get; } = FindHierarchies(mountRoot);

    /// <summary>The directory of a group in the one hierarchy by which processes outside nodes are tracked.</summary>
    public string Tracking(string group) =>
        Path.Join(Hierarchies.FirstOrDefault(h => Path.GetFileName(h) is "pids") ?? Hierarchies.FirstOrDefault(h => Path.GetFileName(h) is "systemd")
            ?? Hierarchies[0], path, group);

    /// <summary>All processes in the group named, and below it, in any hierarchy.</summary>
    public IReadOnlySet<int> Processes(string group = "")
    {
        var found = new HashSet<int>();
        foreach (var directory in Roots(group).SelectMany(Tree))
        {
            try
            {
                found.UnionWith(File.ReadLines(Path.Join(directory, "cgroup.procs")).Select(int.Parse).Where(pid => pid > 0));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The group was removed while we looked: then it holds nobody.
            }
        }

        return found;
    }

    /// <summary>Removes all groups of the lab; gives those that stay.</summary>
    public IReadOnlyList<string> Remove()
    {
        foreach (var directory in Roots("").SelectMany(Tree).Reverse())
        {
            TryRemove(directory);
        }

        foreach (var hierarchy in Hierarchies)
        {
            // The parent goes when no other lab stands in it.
            TryRemove(Path.Join(hierarchy, Path.GetDirectoryName(path)));
        }

        return [.. Roots("")];
    }

    private IEnumerable<string> Roots(string group) => Hierarchies.Select(hierarchy => Path.Join(hierarchy, path, group)).Where(Directory.Exists);

    private static IEnumerable<string> Tree(string directory)
    {
        yield return directory;
        string[] children;
        try
        {
            children = Directory.GetDirectories(directory);
        }
        catch (IOException)
        {
            yield break; // removed meanwhile
        }

        foreach (var child in children.SelectMany(Tree))
        {
            yield return child;
        }
    }

    // rmdir alone: a control group's files cannot be unlinked and need not be. What holds a process or a child stays, and Remove says so.
    private static void TryRemove(string directory) => _ = LibcDirectory.Rmdir(directory);

    private static IReadOnlyList<string> FindHierarchies(string mountRoot)
    {
        if (File.Exists(Path.Join(mountRoot, "cgroup.controllers")))
        {
            return [mountRoot];
        }

        return !Directory.Exists(mountRoot)
            ? []
            : [.. new DirectoryInfo(mountRoot).EnumerateDirectories()
                .Where(directory => directory.LinkTarget is null && File.Exists(Path.Join(directory.FullName, "cgroup.procs")))
                .Select(directory => directory.FullName)
                .Order(StringComparer.Ordinal)];
    }
}
