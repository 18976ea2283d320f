using Trunkline.Lab.Linux;

namespace Trunkline.Lab.Checks;

/// <summary>What the machine must have before a lab can come up. Each lack is one sentence that ends with what to do.</summary>
internal static class MachineCheck
{
    private static readonly (string Program, string Package)[] s_programs =
    [
        ("runc", "runc"), ("conmon", "conmon"), ("nft", "nftables"), ("conntrack", "conntrack"), ("ip", "iproute2"), ("unshare", "util-linux"),
        ("nsenter", "util-linux"), ("setpriv", "util-linux"), ("setsid", "util-linux"),
    ];

    public static void Require(BuildDirectory build)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw Lacks("the lab needs Linux (network namespaces, nftables); run it there.");
        }

        if (Libc.EffectiveUser() != 0)
        {
            throw Lacks("the lab needs root (it makes network namespaces and mounts); run it again with sudo.");
        }

        // Root's search path often lacks the sbin directories when it came by su.
        RequirePrograms(Environment.GetEnvironmentVariable("PATH") ?? "", ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]);
        if (HasKernelSctp(File.ReadLines("/proc/net/protocols")))
        {
            throw Lacks("this machine's kernel has SCTP loaded, which would ABORT the lab's associations; unload it with `modprobe -r sctp` and try again.");
        }

        if (new Cgroups("/trunkline").Hierarchies.Count == 0)
        {
            throw Lacks("no control groups are mounted at /sys/fs/cgroup; mount them (systemd does) and try again.");
        }

        var missing = build.Missing().ToArray();
        if (missing.Length > 0)
        {
            throw Lacks($"{missing[0]} is not there; run eng/setup.sh to build it.");
        }
    }

    internal static void RequirePrograms(string searchPath, string[] standard)
    {
        var directories = searchPath.Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(standard).ToArray();
        var missing = s_programs.Where(program => !directories.Any(directory => File.Exists(Path.Join(directory, program.Program)))).ToArray();
        if (missing.Length > 0)
        {
            throw Lacks($"{string.Join(", ", missing.Select(program => program.Program))} {(missing.Length == 1 ? "is" : "are")} not installed; " +
                $"install with `apt-get install {string.Join(' ', missing.Select(program => program.Package).Distinct())}`.");
        }
    }

    /// <summary>Passive: opening an SCTP socket to find out would load the module.</summary>
    internal static bool HasKernelSctp(IEnumerable<string> protocols) =>
        protocols.Any(line => line.Split(' ', 2)[0] is "SCTP" or "SCTPv6");

    private static LabException Lacks(string message) => new(message, LabFailure.Machine);
}
