using Trunkline.Lab.Linux;
using Trunkline.Lab.Network;

namespace Trunkline.Lab;

/// <summary>
/// Takes a lab apart, whatever state it is in: works from what the kernel says (control groups, namespaces, mounts), not from what the lab
/// wrote down, and looks afterwards whether anything stayed.
/// </summary>
internal sealed class Teardown(LabPaths paths, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private static readonly string[] s_kinds = ["net", "mnt"];

    private readonly Cgroups _cgroups = new(paths.Cgroup);

    public bool NothingThere =>
        !Directory.Exists(paths.State) && !Directory.Exists(paths.Run) && _cgroups.Hierarchies.All(h => !Directory.Exists(h + paths.Cgroup));

    /// <summary>Ends every process of the lab.</summary>
    public async Task StopAsync(CancellationToken cancel)
    {
        using var namespaces = Namespaces();
        var started = time.GetTimestamp();
        while (true)
        {
            var left = _cgroups.Processes().Concat(Intruders(namespaces)).Where(ProcessTable.IsAlive).ToHashSet();
            if (left.Count == 0)
            {
                return;
            }

            if (time.GetElapsedTime(started) > s_patience)
            {
                throw new LabException(
                    $"processes {string.Join(", ", left.Order())} of lab {paths.Name} do not end although they were killed; " +
                    "a device or file system they wait for hangs, so only the machine's reboot ends them.");
            }

            foreach (var pid in left)
            {
                _ = Libc.Kill(pid, Libc.SigKill); // it may have ended meanwhile, which is what we want
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancel);
        }
    }

    /// <summary>Stops everything and removes namespaces, control groups, mounts and files.</summary>
    public async Task RemoveAsync(CancellationToken cancel)
    {
        await StopAsync(cancel);
        Rack.Remove(paths);
        UnmountBelow();
        await RemoveCgroupsAsync(cancel);
        Delete(paths.Run);
        Delete(paths.State);
        RemoveIfEmpty(paths.StateRoot);
        RemoveIfEmpty(Path.GetDirectoryName(paths.StateRoot)!);
        var left = Remains().ToArray();
        if (left.Length > 0)
        {
            throw new LabException($"lab {paths.Name} is down, but this stayed: {string.Join(", ", left)}; run `trunkline lab down --name {paths.Name}` again.");
        }
    }

    /// <summary>Removes what stopped containers left, so that nodes boot into empty groups.</summary>
    public Task RemoveCgroupsOfStoppedAsync(CancellationToken cancel) => RemoveCgroupsAsync(cancel);

    private async Task RemoveCgroupsAsync(CancellationToken cancel)
    {
        // The kernel lets go of a dead process's group a moment after the process.
        var started = time.GetTimestamp();
        while (_cgroups.Remove().Count > 0 && time.GetElapsedTime(started) < TimeSpan.FromSeconds(5))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancel);
        }
    }

    private IEnumerable<string> Remains()
    {
        foreach (var pid in _cgroups.Processes())
        {
            yield return $"process {pid}";
        }

        foreach (var hierarchy in _cgroups.Hierarchies.Where(h => Directory.Exists(h + paths.Cgroup)))
        {
            yield return $"control group {hierarchy}{paths.Cgroup}";
        }

        foreach (var mount in MountsBelow())
        {
            yield return $"mount {mount}";
        }

        foreach (var directory in new[] { paths.State, paths.Run }.Where(Directory.Exists))
        {
            yield return directory;
        }
    }

    // A process that entered one of the lab's namespaces from outside (a capture whose starter was killed) is in none of its control groups.
    private HeldNamespaces Namespaces()
    {
        var namespaces = new HeldNamespaces();
        foreach (var path in _cgroups.Processes().SelectMany(pid => s_kinds.Select(kind => $"/proc/{pid}/ns/{kind}")).Concat(Pins()))
        {
            namespaces.Add(path);
        }

        foreach (var kind in s_kinds)
        {
            namespaces.Remove(ProcessTable.Namespace(Environment.ProcessId, kind));
        }

        return namespaces;
    }

    private IEnumerable<string> Pins()
    {
        var directory = Path.Join(paths.Run, "netns");
        return Directory.Exists(directory) ? Directory.GetFiles(directory).Where(Rack.IsMountPoint) : [];
    }

    private static IEnumerable<int> Intruders(HeldNamespaces namespaces) => ProcessTable.All()
        .Where(pid => pid != Environment.ProcessId && s_kinds.Any(kind => namespaces.Contains(ProcessTable.Namespace(pid, kind))));

    private IReadOnlyList<string> MountsBelow() =>
        [.. File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4])
            .Where(point => point.StartsWith(paths.Run + "/", StringComparison.Ordinal) || point.StartsWith(paths.State + "/", StringComparison.Ordinal))];

    private void UnmountBelow()
    {
        foreach (var point in MountsBelow().Reverse())
        {
            Libc.Unmount(point);
        }
    }

    private static void Delete(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void RemoveIfEmpty(string directory) => _ = LibcDirectory.Rmdir(directory);
}
