using Trunkline.NodeInit.Configuration;
using Trunkline.NodeInit.Native;

namespace Trunkline.NodeInit.Root;

/// <summary>
/// Puts a node's root together and moves into it: the machine's root, read-only, with the node's own /etc, /run, /tmp, /dev, /proc, /sys,
/// /var/lib/trunkline and /var/log on top. Labs, homes and other nodes cannot be seen from there.
/// </summary>
internal sealed class NodeRoot(NodeSettings settings)
{
    /// <summary>Where the base image's root stands in every node.</summary>
    public const string ImagePath = "/run/trunkline/images/base";

    private static readonly string[] Hidden = ["/root", "/home"];

    private string Root => settings.Root;

    public void Enter()
    {
        Libc.Mount("none", "/", null, MountFlags.Recursive | MountFlags.Private);
        Directory.CreateDirectory(Root);
        BindReadOnly("/", Root);
        foreach (var point in MachineMounts.BesideRoot(File.ReadAllLines("/proc/self/mountinfo"), settings.Binds))
        {
            BindReadOnly(point, Root + point);
        }

        MountEtc();
        MountTemporary("/run", "mode=0755");
        MountTemporary("/tmp", "mode=1777");
        foreach (var home in Hidden.Where(Directory.Exists))
        {
            MountTemporary(home, "mode=0700");
        }

        BindNeeded();
        Libc.Mount(settings.Var, Root + "/var/lib/trunkline", null, MountFlags.Bind);
        Libc.Mount(settings.Log, Root + "/var/log", null, MountFlags.Bind);
        Directory.CreateDirectory(Root + ImagePath);
        BindReadOnly(settings.ImageRootfs, Root + ImagePath);
        DeviceDirectory.Mount(Root + "/dev");
        Libc.Mount("proc", Root + "/proc", "proc", MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec);
        Libc.Mount("sysfs", Root + "/sys", "sysfs", MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec | MountFlags.ReadOnly);
        Libc.Mount("/sys/fs/cgroup", Root + "/sys/fs/cgroup", null, MountFlags.Bind | MountFlags.Recursive);
        Pivot();
    }

    private void MountEtc()
    {
        Directory.CreateDirectory(settings.EtcUpper);
        Directory.CreateDirectory(settings.EtcWork);
        var lower = string.Join(':', settings.EtcLower);
        Libc.Mount("trunkline-etc", Root + "/etc", "overlay", MountFlags.None,
            $"lowerdir={lower},upperdir={settings.EtcUpper},workdir={settings.EtcWork}");
    }

    private void MountTemporary(string path, string options) =>
        Libc.Mount("tmpfs", Root + path, "tmpfs", MountFlags.NoSuid | MountFlags.NoDev, options);

    // The programs and the runtime may live under a directory that was just hidden (a clone in /root, `dotnet` in ~/.dotnet).
    private void BindNeeded()
    {
        foreach (var path in settings.Binds.Where(path => !Directory.Exists(Root + path)))
        {
            Directory.CreateDirectory(Root + path);
            BindReadOnly(path, Root + path);
        }
    }

    private static void BindReadOnly(string source, string target)
    {
        Libc.Mount(source, target, null, MountFlags.Bind);
        Libc.Mount("none", target, null, MountFlags.Bind | MountFlags.Remount | MountFlags.ReadOnly);
    }

    private void Pivot()
    {
        const string Old = "/run/.machine";
        Directory.CreateDirectory(Root + Old);
        Libc.PivotRoot(Root, Root + Old);
        Directory.SetCurrentDirectory("/");
        Libc.Unmount(Old, Libc.MountDetach);
        Directory.Delete(Old);
    }
}
