namespace Trunkline.Node.Runtime.Oci;

/// <summary>The mounts every container has, and which kernel files it may not see or write (the OCI defaults).</summary>
internal static class OciMounts
{
    public static readonly IReadOnlyList<string> MaskedPaths =
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
        "/proc/timer_list", "/proc/timer_stats", "/sys/dev", "/sys/devices/virtual/powercap", "/sys/firmware", "/sys/fs/selinux",
    ];

    public static readonly IReadOnlyList<string> ReadOnlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    public static IEnumerable<OciMount> Kernel()
    {
        yield return new("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        yield return new("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        yield return new("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5");
        yield return new("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        yield return new("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
        yield return new("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro");
    }
}
