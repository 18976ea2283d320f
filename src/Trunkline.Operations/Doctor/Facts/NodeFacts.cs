namespace Trunkline.Operations.Doctor.Facts;

/// <summary>What was read of one node. What is null was not read, or could not be.</summary>
/// <param name="Node">The node.</param>
/// <param name="ReadBy">How: <c>exec in Pod x/a</c>.</param>
public sealed record NodeFacts(string Node, string ReadBy)
{
    /// <summary>Whether /proc/net/protocols has SCTP.</summary>
    public bool? KernelSctp { get; init; }

    /// <summary>Whether a user-space SCTP service stands in for the kernel's (a Trunkline lab).</summary>
    public bool UserSpaceSctp { get; init; }

    /// <summary>Whether /proc/modules has sctp; not so either where it is built in.</summary>
    public bool? ModuleLoaded { get; init; }

    /// <summary>Lines of /etc/modprobe.d that keep the module out, each as <c>file: line</c>.</summary>
    public IReadOnlyList<string>? Blacklist { get; init; }

    /// <summary>Files of /etc/modules-load.d that name sctp.</summary>
    public IReadOnlyList<string>? LoadedAtBoot { get; init; }

    /// <summary>Whether the node's kernel has the module on disk, or built in.</summary>
    public bool? ModuleOnDisk { get; init; }

    /// <summary>Whether conntrack knows SCTP: its time-outs are there.</summary>
    public bool? ConntrackSctp { get; init; }

    /// <summary>Packets that conntrack could not place.</summary>
    public long? ConntrackInvalid { get; init; }

    /// <summary>SCTP's entries in conntrack.</summary>
    public IReadOnlyList<ConntrackEntry>? Conntrack { get; init; }

    /// <summary>SctpChecksumErrors of /proc/net/sctp/snmp on the node's own network.</summary>
    public long? ChecksumErrors { get; init; }

    /// <summary>Whether there is SCTP at all; null where that was not read.</summary>
    public bool? HasSctp => UserSpaceSctp ? true : KernelSctp;
}
