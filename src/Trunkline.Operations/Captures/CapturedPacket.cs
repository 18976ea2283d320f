using System.Net;

namespace Trunkline.Operations.Captures;

/// <summary>One IPv4 packet of a capture, as far as a verdict needs it.</summary>
public sealed record CapturedPacket
{
    /// <summary>Source address.</summary>
    public required IPAddress Source { get; init; }

    /// <summary>Destination address.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>IP protocol: 1 ICMP, 6 TCP, 17 UDP, 132 SCTP.</summary>
    public required int Protocol { get; init; }

    /// <summary>Source port; 0 where the protocol has none.</summary>
    public int SourcePort { get; init; }

    /// <summary>Destination port; 0 where the protocol has none.</summary>
    public int DestinationPort { get; init; }

    /// <summary>SCTP: names of the chunks, in order.</summary>
    public IReadOnlyList<string> Chunks { get; init; } = [];

    /// <summary>SCTP: verification tag.</summary>
    public uint VerificationTag { get; init; }

    /// <summary>SCTP: whether the CRC32c is right. True for other protocols.</summary>
    public bool ChecksumGood { get; init; } = true;

    /// <summary>SCTP: the user data of the packet's DATA chunks.</summary>
    public IReadOnlyList<byte[]> UserData { get; init; } = [];

    /// <summary>ICMP: type and code; null for other protocols.</summary>
    public (int Type, int Code)? Icmp { get; init; }

    /// <summary>One line for people.</summary>
    public override string ToString() => Protocol switch
    {
        132 => $"{Source}:{SourcePort} > {Destination}:{DestinationPort} SCTP {string.Join('+', Chunks)}{(ChecksumGood ? "" : " BAD CRC32c")}",
        1 => $"{Source} > {Destination} ICMP type {Icmp?.Type} code {Icmp?.Code}",
        6 => $"{Source}:{SourcePort} > {Destination}:{DestinationPort} TCP",
        _ => $"{Source}:{SourcePort} > {Destination}:{DestinationPort} protocol {Protocol}",
    };
}
