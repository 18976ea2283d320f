using System.Net;
using Trunkline.Sctp.Loops;

namespace Trunkline.Sctp;

/// <summary>What SctpAssociation.ConnectAsync needs.</summary>
public sealed record SctpConnectionOptions
{
    /// <summary>The peer.</summary>
    public required IPEndPoint RemoteEndPoint { get; init; }

    /// <summary>The address and port to come from; default: as routing says, an ephemeral port.</summary>
    public IPEndPoint? LocalEndPoint { get; init; }

    /// <summary>An endpoint of this process to use instead of the service or the kernel; default none.</summary>
    public EndpointLoop? Endpoint { get; init; }
}
