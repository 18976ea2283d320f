using System.Globalization;
using Trunkline.Node.Pods.Variables;
using Trunkline.Node.Runtime.Native;

namespace Trunkline.Node.Pods.Volumes;

/// <summary>
/// A place below a directory to which containers may write, opened once, through no link a container could have made, and bound where only the node writes. What
/// the runtime mounts is then what was looked at, whatever the container exchanges meanwhile (the race of CVE-2017-1002101 and CVE-2021-25741).
/// </summary>
internal static class PinnedPath
{
    private const uint NewDirectoryMode = 0b111_101_000; // 0750, a kubelet's mode

    /// <summary>
    /// Binds <paramref name="path"/> below <paramref name="root"/> to <paramref name="target"/>, and gives that. With <paramref name="makeDirectories"/> what is
    /// missing is made, as directories; with <paramref name="followInside"/> links that stay inside are followed (only where the node alone writes).
    /// </summary>
    public static string Bind(string root, string path, string target, bool makeDirectories, bool followInside)
    {
        var resolve = Libc.ResolveNoMagicLinks | Libc.ResolveBeneath | (followInside ? 0 : Libc.ResolveNoSymbolicLinks);
        var current = Open(Libc.OpenBeneath(0, root, Libc.OpenPathOnly | Libc.OpenCloseOnExec, Libc.ResolveNoMagicLinks), root);
        try
        {
            foreach (var part in followInside ? [path] : path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                var next = Step(current, part, path, resolve, makeDirectories);
                Libc.Close(current);
                current = next;
            }

            Mount(current, target);
            return target;
        }
        finally
        {
            Libc.Close(current);
        }
    }

    private static int Step(int directory, string part, string path, ulong resolve, bool makeDirectories)
    {
        const int Flags = Libc.OpenPathOnly | Libc.OpenCloseOnExec;
        var next = Libc.OpenBeneath(directory, part, Flags, resolve);
        if (next == -Libc.NoSuchFile && makeDirectories)
        {
            Libc.MakeDirectory(directory, part, NewDirectoryMode);
            next = Libc.OpenBeneath(directory, part, Flags, resolve);
        }

        return Open(next, path);
    }

    private static int Open(int descriptor, string path) => descriptor switch
    {
        >= 0 => descriptor,
        -Libc.NoSuchFile or -Libc.NotADirectory => throw new ConfigurationException($"path \"{path}\" does not exist in its volume"),
        -Libc.LoopOfLinks or -Libc.CrossDevice => throw new ConfigurationException($"path \"{path}\" leads through a symbolic link"),
        var error => throw new IOException($"open {path}: {new System.ComponentModel.Win32Exception(-error).Message}", -error),
    };

    private static void Mount(int descriptor, string target)
    {
        var source = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}");
        Libc.Unmount(target); // a container that starts again
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (Directory.Exists(source))
        {
            if (File.Exists(target))
            {
                File.Delete(target);
            }

            Directory.CreateDirectory(target);
        }
        else
        {
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            File.WriteAllBytes(target, []);
        }

        Libc.Mount(source, target, null, Libc.MountBind);
    }
}
