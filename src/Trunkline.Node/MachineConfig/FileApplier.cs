using System.Globalization;
using Trunkline.Node.MachineConfig.Ignition;
using Trunkline.Node.Runtime.Native;

namespace Trunkline.Node.MachineConfig;

/// <summary>
/// Brings files from one configuration to the next. What the machine had before any configuration is kept aside (`.mcdorig`, or a stamp that there
/// was nothing) and comes back when no configuration wants the file any more.
/// </summary>
internal sealed class FileApplier(MachineRoot root)
{
    private const string Originals = "/etc/machine-config-daemon/orig";
    private const string Stamps = "/etc/machine-config-daemon/noorig";
    private const UnixFileMode DirectoryMode = (UnixFileMode)0b111_101_101; // 0755

    /// <summary>Writes what <paramref name="wanted"/> has, takes away what only <paramref name="before"/> had.</summary>
    public void Apply(IReadOnlyList<IgnitionFile> before, IReadOnlyList<IgnitionFile> wanted)
    {
        foreach (var file in wanted)
        {
            KeepOriginal(file.Path, before.Any(old => old.Path == file.Path));
            Write(file);
        }

        foreach (var gone in before.Where(old => wanted.All(file => file.Path != old.Path)))
        {
            Restore(gone.Path);
        }
    }

    /// <summary>The first file that is not on disk as the configuration says, in the operator's words; null when all are.</summary>
    public string? FindDrift(IReadOnlyList<IgnitionFile> files)
    {
        foreach (var file in files)
        {
            var path = root.Of(file.Path);
            if (file.LinkTarget is not null)
            {
                if (new FileInfo(path).LinkTarget != file.LinkTarget)
                {
                    return $"state validation: link \"{file.Path}\" does not lead to {file.LinkTarget}";
                }

                continue;
            }

            if (!File.Exists(path))
            {
                return $"could not stat file \"{file.Path}\": no such file or directory";
            }

            if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(file.Content))
            {
                return $"content mismatch for file \"{file.Path}\"";
            }

            var mode = (int)File.GetUnixFileMode(path);
            if (mode != file.Mode)
            {
                return $"mode mismatch for file: \"{file.Path}\"; expected: {Octal(file.Mode)}; received: {Octal(mode)}";
            }
        }

        return null;
    }

    private void KeepOriginal(string path, bool ours)
    {
        var original = root.Of($"{Originals}{path}.mcdorig");
        var stamp = root.Of($"{Stamps}{path}.mcdnoorig");
        if (ours || File.Exists(original) || File.Exists(stamp))
        {
            return;
        }

        if (File.Exists(root.Of(path)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(original)!);
            File.Copy(root.Of(path), original + ".new", overwrite: true);
            File.Move(original + ".new", original);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(stamp)!);
            File.WriteAllBytes(stamp, []);
        }
    }

    // Beside it, synced, then renamed: whoever reads sees the old file or the new one, also after a power failure.
    private void Write(IgnitionFile file)
    {
        var path = root.Of(file.Path);
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, DirectoryMode);
        }

        var fresh = Path.Join(directory, $".{Path.GetFileName(path)}.mcdnew");
        File.Delete(fresh); // of an agent that ended here
        if (file.LinkTarget is not null)
        {
            File.CreateSymbolicLink(fresh, file.LinkTarget);
            Libc.Rename(fresh, path);
            return;
        }

        using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(file.Content);
            stream.Flush(flushToDisk: true);
        }

        if (file.User is not null || file.Group is not null)
        {
            Libc.ChangeOwner(fresh, Id(file.User, "/etc/passwd"), Id(file.Group, "/etc/group"));
        }

        File.SetUnixFileMode(fresh, (UnixFileMode)file.Mode); // after chown, which clears set-id bits; and whatever the umask is
        Libc.Rename(fresh, path);
    }

    private void Restore(string path)
    {
        var original = root.Of($"{Originals}{path}.mcdorig");
        var stamp = root.Of($"{Stamps}{path}.mcdnoorig");
        if (File.Exists(original))
        {
            var fresh = root.Of(path) + ".mcdnew";
            File.Copy(original, fresh, overwrite: true);
            File.Move(fresh, root.Of(path), overwrite: true);
            File.Delete(original);
            return;
        }

        File.Delete(root.Of(path));
        if (File.Exists(stamp))
        {
            File.Delete(stamp);
        }
    }

    private uint Id(string? owner, string database)
    {
        if (owner is null)
        {
            return uint.MaxValue; // leave it
        }

        if (uint.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        var fields = File.ReadLines(root.Of(database)).Select(line => line.Split(':')).FirstOrDefault(parts => parts.Length > 2 && parts[0] == owner);
        return fields is not null && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var known)
            ? known
            : throw new InvalidDataException($"{database} knows no \"{owner}\"");
    }

    private static string Octal(int mode) => "0" + Convert.ToString(mode, 8);
}
