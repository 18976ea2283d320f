using System.Net.Sockets;

namespace Trunkline.Sctp.Transports;

/// <summary>
/// The right to answer for a network namespace. Every raw socket gets every packet, so a second endpoint would ABORT the associations of the
/// first as out of the blue. An abstract Unix socket belongs to its namespace, and is gone with its process however that ends.
/// </summary>
internal sealed class NamespaceClaim : IDisposable
{
    private const string Name = "\0trunkline-sctp/raw";
    private readonly Socket _socket;

    private NamespaceClaim(Socket socket) => _socket = socket;

    /// <summary>Claims the namespace of the calling thread.</summary>
    /// <exception cref="SctpException">EADDRINUSE: somebody answers already.</exception>
    internal static NamespaceClaim Take()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(Name));
            return new NamespaceClaim(socket);
        }
        catch (SocketException failed)
        {
            socket.Dispose();
            throw new SctpException((SctpError)failed.NativeErrorCode, failed.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "another SCTP endpoint over raw IP already answers for this network namespace"
                : $"claiming the network namespace: {failed.Message}");
        }
    }

    public void Dispose() => _socket.Dispose();
}
