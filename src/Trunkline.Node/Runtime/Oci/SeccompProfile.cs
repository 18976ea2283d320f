using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Trunkline.Node.Runtime.Oci;

/// <summary>
/// What a container may not ask of the kernel. Allowed by default: capabilities already stop most of what is dangerous; this denies what
/// reaches the machine behind the node (modules, time, swap, mounts, new user namespaces, other processes' handles) whatever the capabilities.
/// </summary>
internal static class SeccompProfile
{
    private const int NotPermitted = 1; // EPERM
    private const int NoSuchCall = 38; // ENOSYS
    private const int ProtocolNotSupported = 93; // EPROTONOSUPPORT
    private const int AddressFamilyNotSupported = 97; // EAFNOSUPPORT
    private const int SctpProtocol = 132; // IPPROTO_SCTP
    private const int VirtualMachineSockets = 40; // AF_VSOCK: leads out of the machine
    private const int ExpressSockets = 44; // AF_XDP: sends past the rules at an interface's egress (SecondarySources)

    private static readonly string[] Denied =
    [
        "_sysctl", "acct", "add_key", "bpf", "clock_adjtime", "clock_settime", "create_module", "delete_module", "fanotify_init", "finit_module",
        "fsconfig", "fsmount", "fsopen", "fspick", "get_kernel_syms", "init_module", "io_uring_enter", "io_uring_register", "io_uring_setup", "ioperm",
        "iopl", "kcmp", "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "mount", "mount_setattr", "move_mount", "name_to_handle_at",
        "nfsservctl", "open_by_handle_at", "open_tree", "perf_event_open", "pivot_root", "query_module", "quotactl", "quotactl_fd", "reboot",
        "request_key", "setdomainname", "sethostname", "setns", "settimeofday", "stime", "swapoff", "swapon", "syslog", "umount", "umount2",
        "unshare", "uselib", "userfaultfd", "ustat", "vhangup", "vm86", "vm86old", "vmsplice",
    ];

    // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
    private static readonly uint[] NamespaceFlags = [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000];

    public static JsonObject Build()
    {
        var rules = new JsonArray
        {
            Rule(Denied, NotPermitted),

            // clone3's flags stand in memory, where a filter cannot look; told it does not exist, C libraries use clone.
            Rule(["clone3"], NoSuchCall),

            // Until sockets can be intercepted, a program that asks for a kernel SCTP socket hears what a node without the module says.
            Rule(["socket"], ProtocolNotSupported, Argument(2, SctpProtocol)),
            Rule(["socket"], AddressFamilyNotSupported, Argument(0, VirtualMachineSockets)),
            Rule(["socket"], AddressFamilyNotSupported, Argument(0, ExpressSockets)),
        };
        foreach (var flag in NamespaceFlags)
        {
            rules.Add((JsonNode)Rule(["clone"], NotPermitted, MaskedArgument(0, flag)));
        }

        return new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["architectures"] = new JsonArray([.. Architectures().Select(name => (JsonNode)name)]),
            ["syscalls"] = rules,
        };
    }

    // The 64-bit one alone. A 32-bit program makes its sockets by socketcall(2), whose arguments stand in memory where a filter cannot look:
    // it could be told nothing true about SCTP. Such programs are ended; the base image has none.
    private static IEnumerable<string> Architectures() =>
        [RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64"];

    private static JsonObject Rule(IEnumerable<string> names, int errno, params JsonObject[] arguments)
    {
        var rule = new JsonObject
        {
            ["names"] = new JsonArray([.. names.Select(name => (JsonNode)name)]),
            ["action"] = "SCMP_ACT_ERRNO",
            ["errnoRet"] = errno,
        };
        if (arguments.Length > 0)
        {
            rule["args"] = new JsonArray([.. arguments]);
        }

        return rule;
    }

    private static JsonObject Argument(int index, uint value) => new() { ["index"] = index, ["value"] = value, ["op"] = "SCMP_CMP_EQ" };

    private static JsonObject MaskedArgument(int index, uint flag) =>
        new() { ["index"] = index, ["value"] = flag, ["valueTwo"] = flag, ["op"] = "SCMP_CMP_MASKED_EQ" };
}
