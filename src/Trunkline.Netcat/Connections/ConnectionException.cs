using System.Net.Sockets;
using Trunkline.Sctp;

namespace Trunkline.Netcat.Connections;

/// <summary>A connection failed; the message is strerror's.</summary>
internal sealed class ConnectionException(int error, string message, string? explanation = null) : IOException(message)
{
    internal int Error { get; } = error;

    /// <summary>One sentence more, for <c>-v</c>: who reported it.</summary>
    internal string? Explanation { get; } = explanation;

    internal static ConnectionException From(SocketException failed) =>
        new(failed.NativeErrorCode, SctpException.Describe((SctpError)failed.NativeErrorCode));

    internal static ConnectionException From(SctpException failed) => new((int)failed.Error, failed.ErrorText, failed.Message);
}
