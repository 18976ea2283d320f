namespace Trunkline.Node.Pods.Volumes;

/// <summary>
/// A directory whose files change all at once, as a kubelet writes them: the files stand in a hidden directory of their own, `..data` points to
/// it, and what is seen at the top are links through `..data`, which a rename exchanges.
/// </summary>
internal static class AtomicDirectory
{
    private const string Data = "..data";

    /// <summary>Writes the files; gives false when they already stand there as wanted.</summary>
    public static bool Write(string directory, IReadOnlyList<VolumeFile> files, long? group, DateTime now)
    {
        Directory.CreateDirectory(directory);
        if (files.FirstOrDefault(file => !IsInside(file.Path)) is { } bad)
        {
            throw new InvalidDataException($"\"{bad.Path}\" is no path inside a volume");
        }

        if (Same(directory, files))
        {
            return false;
        }

        var fresh = $"..{now:yyyy_MM_dd_HH_mm_ss.fffffff}";
        foreach (var file in files)
        {
            var path = Path.Join(directory, fresh, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content);
            File.SetUnixFileMode(path, (UnixFileMode)(group is null ? file.Mode : file.Mode | 0x20)); // fsGroup may read: g+r
            ChangeGroup(path, group);
        }

        Directory.CreateDirectory(Path.Join(directory, fresh));
        Exchange(directory, fresh);
        LinkTops(directory, files);
        foreach (var old in Directory.GetDirectories(directory, "..*").Where(path => Path.GetFileName(path) is var name && name != fresh && name != Data))
        {
            Directory.Delete(old, recursive: true);
        }

        return true;
    }

    private static bool Same(string directory, IReadOnlyList<VolumeFile> files)
    {
        var data = Path.Join(directory, Data);
        if (!Directory.Exists(data))
        {
            return false;
        }

        var present = Directory.EnumerateFiles(data + "/", "*", SearchOption.AllDirectories).Count();
        return present == files.Count && files.All(file => File.Exists(Path.Join(data, file.Path))
            && File.ReadAllBytes(Path.Join(data, file.Path)).AsSpan().SequenceEqual(file.Content));
    }

    private static void Exchange(string directory, string fresh)
    {
        var link = Path.Join(directory, Data);
        File.Delete(link + "_tmp");
        File.CreateSymbolicLink(link + "_tmp", fresh);
        Runtime.Native.Libc.Rename(link + "_tmp", link);
    }

    private static void LinkTops(string directory, IReadOnlyList<VolumeFile> files)
    {
        var tops = files.Select(file => file.Path.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var top in tops.Where(top => new FileInfo(Path.Join(directory, top)).LinkTarget is null))
        {
            File.CreateSymbolicLink(Path.Join(directory, top), $"{Data}/{top}");
        }

        foreach (var path in Directory.EnumerateFileSystemEntries(directory))
        {
            var name = Path.GetFileName(path);
            if (!name.StartsWith("..", StringComparison.Ordinal) && !tops.Contains(name))
            {
                File.Delete(path);
            }
        }
    }

    private static void ChangeGroup(string path, long? group)
    {
        if (group is { } number)
        {
            Runtime.Native.Libc.ChangeOwner(path, uint.MaxValue, (uint)number);
        }
    }

    private static bool IsInside(string path) =>
        path.Length > 0 && !path.StartsWith('/') && !path.Split('/').Any(part => part is "" or "." or "..") && !path.StartsWith("..", StringComparison.Ordinal);
}
