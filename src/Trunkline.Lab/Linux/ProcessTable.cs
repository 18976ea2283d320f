using System.Globalization;

namespace Trunkline.Lab.Linux;

/// <summary>What /proc says about processes. Every answer may be "gone": processes end while one looks.</summary>
internal static class ProcessTable
{
    /// <summary>All process ids.</summary>
    public static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0]))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    /// <summary>A process's ids from the outermost PID namespace inwards; empty when it has gone.</summary>
    public static IReadOnlyList<int> NamespaceIds(int pid)
    {
        var line = Lines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith("NSpid:", StringComparison.Ordinal));
        return line is null ? [] : [.. line[6..].Split('\t', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
    }

    /// <summary>When it began, in clock ticks since the machine's boot: with the id, an identity that is never given twice.</summary>
    public static string? StartTime(int pid)
    {
        // proc(5): the second field is in parentheses and may hold anything; the 22nd is starttime.
        var stat = Lines($"/proc/{pid}/stat").FirstOrDefault();
        var end = stat?.LastIndexOf(')') ?? -1;
        return end < 0 ? null : stat![(end + 2)..].Split(' ')[19];
    }

    /// <summary>Whether it runs; a zombie does not.</summary>
    public static bool IsAlive(int pid)
    {
        var stat = Lines($"/proc/{pid}/stat").FirstOrDefault();
        var end = stat?.LastIndexOf(')') ?? -1;
        return end >= 0 && stat![end + 2] is not ('Z' or 'X');
    }

    /// <summary>Whether a process has a handler for a signal.</summary>
    public static bool Catches(int pid, int signal)
    {
        var line = Lines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith("SigCgt:", StringComparison.Ordinal));
        return line is not null && ulong.TryParse(line[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var caught)
            && (caught & (1UL << (signal - 1))) != 0;
    }

    /// <summary>Resident memory with pages that several processes share counted once in all.</summary>
    public static long ProportionalMemory(int pid) => Kilobytes($"/proc/{pid}/smaps_rollup", "Pss:");

    /// <summary>The namespace a process is in ("net:[4026531840]"); null when it has gone.</summary>
    public static string? Namespace(int pid, string kind)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/ns/{kind}").LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Kilobytes(string file, string key)
    {
        var line = Lines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
