using System.Net;
using System.Net.Sockets;
using Trunkline.Lab.Linux;

namespace Trunkline.Lab.Network;

/// <summary>Sockets that belong to a lab's network namespaces, used from the machine's own.</summary>
internal static class NamespaceSockets
{
    /// <summary>A bound TCP socket inside the namespace, ready for a server to listen on.</summary>
    public static Socket Listener(string namespacePath, IPEndPoint address) => NetworkNamespace.Run(namespacePath, () => Bound(address));

    /// <summary>A bound TCP socket of the machine's own namespace.</summary>
    public static Socket Listener(IPEndPoint address) => Bound(address);

    /// <summary>Connects from inside the namespace.</summary>
    public static async ValueTask<Stream> ConnectAsync(string namespacePath, EndPoint address, CancellationToken cancel)
    {
        var socket = NetworkNamespace.Run(namespacePath, () => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        try
        {
            await socket.ConnectAsync(address, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Bound(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            socket.Listen(512);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
