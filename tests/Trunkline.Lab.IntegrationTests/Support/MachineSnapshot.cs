namespace Trunkline.Lab.IntegrationTests.Support;

/// <summary>What of the machine a lab could leave behind, read from the kernel and not from the lab.</summary>
internal sealed record MachineSnapshot(
    IReadOnlySet<string> Mounts, IReadOnlySet<string> Cgroups, IReadOnlySet<string> Namespaces, IReadOnlySet<string> Processes, IReadOnlySet<string> Files)
{
    public static MachineSnapshot Take(string lab) => new(
        File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Where(point => point.Contains($"/{lab}/", StringComparison.Ordinal)).ToHashSet(),
        Directory.EnumerateDirectories("/sys/fs/cgroup", lab, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true })
            .ToHashSet(),
        ProcessIds().SelectMany(NamespacesOf).ToHashSet(),
        ProcessIds().Where(pid => Arguments(pid).Contains(lab, StringComparison.Ordinal) && pid != Environment.ProcessId)
            .Select(pid => $"{pid} {Arguments(pid)}").Where(line => !line.Contains("dotnet", StringComparison.Ordinal)).ToHashSet(),
        new[] { $"/run/trunkline/labs/{lab}", $"/var/lib/trunkline/labs/{lab}", $"/run/trunkline/labs/{lab}.lock" }
            .Where(path => Directory.Exists(path) || File.Exists(path)).ToHashSet());

    /// <summary>Network and mount namespaces that have processes, which is the only way in which they can outlive their pins.</summary>
    private static IEnumerable<string> NamespacesOf(int pid)
    {
        foreach (var kind in new[] { "net", "mnt", "pid" })
        {
            string? name = null;
            try
            {
                name = new FileInfo($"/proc/{pid}/ns/{kind}").LinkTarget;
            }
            catch (IOException)
            {
                // It ended while we looked.
            }

            if (name is not null)
            {
                yield return name;
            }
        }
    }

    private static IEnumerable<int> ProcessIds() =>
        Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var pid) ? pid : 0).Where(pid => pid > 0);

    private static string Arguments(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
