using Trunkline.NodeInit.Native;

namespace Trunkline.NodeInit.Root;

/// <summary>A node's own /dev: the handful of devices that programs expect, and terminals of its own. No disk of the machine.</summary>
internal static class DeviceDirectory
{
    private static readonly (string Name, uint Major, uint Minor)[] Devices =
    [
        ("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0),
    ];

    public static void Mount(string path)
    {
        Libc.Mount("dev", path, "tmpfs", MountFlags.NoSuid, "mode=0755");
        foreach (var (name, major, minor) in Devices)
        {
            Libc.MakeCharacterDevice(Path.Join(path, name), major, minor);
        }

        Directory.CreateDirectory(Path.Join(path, "pts"));
        Directory.CreateDirectory(Path.Join(path, "shm"));
        Libc.Mount("devpts", Path.Join(path, "pts"), "devpts", MountFlags.NoSuid | MountFlags.NoExec, "newinstance,ptmxmode=0666,mode=0620,gid=5");
        Libc.Mount("shm", Path.Join(path, "shm"), "tmpfs", MountFlags.NoSuid | MountFlags.NoDev, "mode=1777");
        File.CreateSymbolicLink(Path.Join(path, "ptmx"), "pts/ptmx");
        File.CreateSymbolicLink(Path.Join(path, "fd"), "/proc/self/fd");
        File.CreateSymbolicLink(Path.Join(path, "stdin"), "/proc/self/fd/0");
        File.CreateSymbolicLink(Path.Join(path, "stdout"), "/proc/self/fd/1");
        File.CreateSymbolicLink(Path.Join(path, "stderr"), "/proc/self/fd/2");
    }
}
