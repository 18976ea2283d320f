namespace Trunkline.Operations.Doctor.Facts;

/// <summary>What was read in one Pod's own network. What is null was not read, or could not be.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Pod">Its name.</param>
/// <param name="ReadBy">How.</param>
public sealed record PodFacts(string Namespace, string Pod, string ReadBy)
{
    /// <summary>Listening SCTP endpoints (/proc/net/sctp/eps).</summary>
    public IReadOnlyList<SctpListener>? Listeners { get; init; }

    /// <summary>The MTU of eth0.</summary>
    public int? Mtu { get; init; }

    /// <summary>SctpChecksumErrors of /proc/net/sctp/snmp.</summary>
    public long? ChecksumErrors { get; init; }

    /// <summary>What an SCTP socket answered, where <c>--active</c> allowed to open one: null where it was not tried, else whether there was one.</summary>
    public bool? SocketOpened { get; init; }
}
