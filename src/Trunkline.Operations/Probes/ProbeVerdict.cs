namespace Trunkline.Operations.Probes;

/// <summary>What a probe saw on the wire.</summary>
public enum ProbeVerdict
{
    /// <summary>An association or connection was established.</summary>
    Open,

    /// <summary>The peer refused: an ABORT (SCTP) or RST (TCP), or an ICMP error that says so.</summary>
    Refused,

    /// <summary>Established, and then nothing more came through: what a policy does that comes into force in between.</summary>
    Cut,

    /// <summary>Nobody answered: a filter dropped the packets, or nobody is there.</summary>
    Silent,

    /// <summary>The socket layer of the probing side has no SCTP.</summary>
    NotSupported,

    /// <summary>A router or the peer's kernel said that the destination or its protocol cannot be reached.</summary>
    Unreachable,
}
