using System.Net;
using Trunkline.Sctp.Loops;

namespace Trunkline.Sctp;

/// <summary>What SctpListener.ListenAsync needs.</summary>
public sealed record SctpListenerOptions
{
    /// <summary>Port to listen at; 0 (the default) asks for any.</summary>
    public int Port { get; init; }

    /// <summary>Address to listen at; default: every address of both families. 0.0.0.0 and :: mean every address of one.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Associations that may wait to be accepted, 128.</summary>
    public int Backlog { get; init; } = 128;

    /// <summary>An endpoint of this process to use instead of the service or the kernel; default none.</summary>
    public EndpointLoop? Endpoint { get; init; }
}
