namespace Trunkline.NodeInit.Modules;

/// <summary>Reads the node's own configuration directories; a file in /etc hides one of the same name in /run, as systemd and kmod have it.</summary>
internal static class ModuleConfiguration
{
    public static ModuleSwitch Read(string root = "/") => new(
        Texts(Path.Join(root, "etc/modprobe.d"), Path.Join(root, "run/modprobe.d")),
        Texts(Path.Join(root, "etc/modules-load.d"), Path.Join(root, "run/modules-load.d")));

    private static IReadOnlyList<string> Texts(params string[] directories)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in directories.Where(Directory.Exists).SelectMany(directory => Directory.EnumerateFiles(directory, "*.conf")))
        {
            files.TryAdd(Path.GetFileName(file), file);
        }

        // A dangling or masked (-> /dev/null) link reads as empty or not at all; either way it says nothing.
        return [.. files.Values.Where(File.Exists).Select(File.ReadAllText)];
    }
}
