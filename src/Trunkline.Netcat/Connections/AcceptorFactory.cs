using System.Net;
using System.Net.Sockets;
using Trunkline.Netcat.CommandLine;
using Trunkline.Sctp;

namespace Trunkline.Netcat.Connections;

/// <summary>Opens the listening sockets that a command line asks for.</summary>
internal static class AcceptorFactory
{
    private const int Backlog = 100;

    internal static async Task<IReadOnlyList<IAcceptor>> OpenAsync(NetcatOptions options, Reporter reporter)
    {
        var host = Destination.Host(options);
        var given = host is null ? null : (await HostResolver.ResolveAsync(host, options))[0];
        var port = Destination.Port(options);
        Destination.CheckCombinations(options);
        IReadOnlyList<IPAddress> addresses = given is not null ? [given] : options.Family switch
        {
            AddressFamily.InterNetwork => [IPAddress.Any],
            AddressFamily.InterNetworkV6 => [IPAddress.IPv6Any],
            _ => Socket.OSSupportsIPv6 ? [IPAddress.IPv6Any, IPAddress.Any] : [IPAddress.Any],
        };
        return options.Protocol == NetcatProtocol.Sctp
            ? [await OpenSctpAsync(addresses, port, reporter)]
            : OpenSockets(addresses, port, options.Protocol);
    }

    private static async Task<IAcceptor> OpenSctpAsync(IReadOnlyList<IPAddress> addresses, int port, Reporter reporter)
    {
        try
        {
            var options = new SctpListenerOptions { Address = addresses.Count == 1 ? addresses[0] : null, Port = port, Backlog = Backlog };
            var listener = await SctpListener.ListenAsync(options);
            reporter.Debug($"SCTP by {Connector.Backend(listener.Backend)}");
            return new SctpAcceptor(listener, [.. addresses.Select(address => new IPEndPoint(address, port))]);
        }
        catch (SctpException failed) when (failed.Error == SctpError.ProtocolNotSupported)
        {
            // Ncat says only its second line; the reason is what people look for.
            reporter.User($"socket: {failed.ErrorText}.");
            throw new QuitException("Unable to open any listening sockets.");
        }
        catch (SctpException failed)
        {
            throw new QuitException($"bind to {addresses[0]}:{port}: {failed.ErrorText}.");
        }
    }

    private static List<IAcceptor> OpenSockets(IReadOnlyList<IPAddress> addresses, int port, NetcatProtocol protocol)
    {
        var acceptors = new List<IAcceptor>();
        foreach (var address in addresses)
        {
            try
            {
                acceptors.Add(OpenSocket(new IPEndPoint(address, port), protocol));
            }
            catch (SocketException failed) when (failed.SocketErrorCode == SocketError.AddressFamilyNotSupported && addresses.Count > 1)
            {
                // A kernel without IPv6: the other family will do.
                continue;
            }
            catch (SocketException failed)
            {
                throw new QuitException($"bind to {address}:{port}: {ConnectionException.From(failed).Message}.");
            }
        }

        return acceptors;
    }

    private static IAcceptor OpenSocket(IPEndPoint asked, NetcatProtocol protocol)
    {
        var tcp = protocol == NetcatProtocol.Tcp;
        var socket = new Socket(asked.AddressFamily, tcp ? SocketType.Stream : SocketType.Dgram, tcp ? ProtocolType.Tcp : ProtocolType.Udp);
        if (asked.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = false;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, tcp);
        socket.Bind(asked);
        if (!tcp)
        {
            return new UdpAcceptor(socket, asked);
        }

        socket.Listen(Backlog);
        return new TcpAcceptor(socket, asked);
    }
}
