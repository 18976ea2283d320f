using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Trunkline.Netcat.CommandLine;

namespace Trunkline.Netcat.Connections;

/// <summary>A kernel socket bound as Ncat binds its own.</summary>
internal static class ListeningSocket
{
    private const int SolSocket = 1, SoReuseAddr = 2;

    /// <summary>False, and why, where the machine lacks the family altogether.</summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    internal static bool TryOpen(
        IPEndPoint asked, NetcatProtocol protocol, int backlog, bool mayBeMissing, [NotNullWhen(true)] out Socket? socket, out string missing)
    {
        socket = null;
        missing = "";
        var tcp = protocol == NetcatProtocol.Tcp;
        try
        {
            socket = new Socket(asked.AddressFamily, tcp ? SocketType.Stream : SocketType.Dgram, tcp ? ProtocolType.Tcp : ProtocolType.Udp);
        }
        catch (SocketException failed)
        {
            missing = ConnectionException.From(failed).Message;
            return false;
        }

        try
        {
            Bind(socket, asked);
            if (tcp)
            {
                socket.Listen(backlog);
            }

            return true;
        }
        catch (SocketException failed) when (mayBeMissing && failed.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // The family is compiled in and switched off.
            missing = ConnectionException.From(failed).Message;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        socket.Dispose();
        socket = null;
        return false;
    }

    /// <summary>One more UDP socket where there is one already: the kernel gives a peer's datagrams to the socket that is connected to it.</summary>
    internal static Socket OpenUdp(IPEndPoint asked)
    {
        var socket = new Socket(asked.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        Bind(socket, asked);
        return socket;
    }

    private static void Bind(Socket socket, IPEndPoint asked)
    {
        if (asked.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // IPV6_V6ONLY: the other family has a socket of its own.
            socket.DualMode = false;
        }

        // .NET's ReuseAddress is SO_REUSEPORT too, and with that two listeners would share a port unawares.
        socket.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(1));
        socket.Bind(asked);
    }
}
