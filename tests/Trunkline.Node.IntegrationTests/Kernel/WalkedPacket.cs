using System.Net;

namespace Trunkline.Node.IntegrationTests.Kernel;

/// <summary>A packet as it meets a node.</summary>
/// <param name="In">The link it arrives at; null: the node itself sends it.</param>
/// <param name="Source">Its source.</param>
/// <param name="Destination">Its destination, of the same family.</param>
/// <param name="Protocol">IANA's number.</param>
/// <param name="SourcePort">Of ICMP: type and code, which stand in the same place.</param>
/// <param name="DestinationPort">Of ICMP: the checksum, which stands in the same place.</param>
internal sealed record WalkedPacket(string? In, IPAddress Source, IPAddress Destination, int Protocol, int SourcePort, int DestinationPort)
{
    public CtState State { get; init; } = CtState.New;

    /// <summary>Mark of its flow.</summary>
    public uint CtMark { get; init; }

    /// <summary>Chunk types of an SCTP packet, in order. Default: INIT alone.</summary>
    public IReadOnlyList<byte> Chunks { get; init; } = [1];

    /// <summary>Of each of its chunks; an INIT that lists no addresses has 20.</summary>
    public int ChunkLength { get; init; } = 20;

    public uint VerificationTag { get; init; }

    /// <summary>It goes against the direction in which its flow began.</summary>
    public bool IsReply { get; init; }

    /// <summary>TCP flags; default SYN.</summary>
    public byte TcpFlags { get; init; } = 2;

    /// <summary>Its flow has been translated to <see cref="Destination"/> from this address.</summary>
    public IPAddress? OriginalDestination { get; init; }

    /// <summary>A limit of a rule has been reached.</summary>
    public bool OverLimit { get; init; }

    public bool IsIpv6 => Source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
}
