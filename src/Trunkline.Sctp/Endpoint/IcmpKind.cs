namespace Trunkline.Sctp.Endpoint;

/// <summary>What an ICMP error is about.</summary>
internal enum IcmpKind
{
    /// <summary>Nothing that concerns an association (redirects, reassembly that took too long, unknown codes).</summary>
    None,

    /// <summary>A packet was larger than a link on the way.</summary>
    TooBig,

    /// <summary>The packet did not get there.</summary>
    Unreachable,
}
