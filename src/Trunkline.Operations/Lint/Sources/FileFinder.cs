namespace Trunkline.Operations.Lint.Sources;

/// <summary>Finds the files of a call: those that it names, and of folders those that a lint can read.</summary>
public static class FileFinder
{
    // What is not the project's own, or not written by people.
    private static readonly HashSet<string> s_skipped = new(StringComparer.Ordinal) { "node_modules", "vendor", "bin", "obj" };

    /// <summary>The files of a path, in the order of their names; <c>-</c> stands for itself.</summary>
    /// <param name="path">A file or folder.</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    public static IEnumerable<(string Path, bool IsNamed)> Find(string path)
    {
        if (path == "-" || File.Exists(path))
        {
            return [(path, true)];
        }

        return Directory.Exists(path) ? Folder(path).Select(file => (file, false)) : throw new FileNotFoundException($"there is no file or folder {path}");
    }

    /// <summary>Whether a file is one of a Helm chart's templates.</summary>
    public static bool IsHelmTemplate(string path)
    {
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.GetFileName(folder) == "templates" && Path.GetDirectoryName(folder) is { } chart && File.Exists(Path.Combine(chart, "Chart.yaml")))
            {
                return true;
            }
        }

        return false;
    }

    // Links to folders are not followed: they may lead back.
    private static IEnumerable<string> Folder(string path)
    {
        var folder = new DirectoryInfo(path);
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var name = Path.Combine(path, entry.Name);
            if (entry is FileInfo && FileKinds.IsLinted(name) && entry.Name != Silencing.LintConfig.FileName)
            {
                yield return name;
            }
            else if (entry is DirectoryInfo && entry.LinkTarget is null && entry.Name[0] != '.' && !s_skipped.Contains(entry.Name))
            {
                foreach (var file in Folder(name))
                {
                    yield return file;
                }
            }
        }
    }
}
