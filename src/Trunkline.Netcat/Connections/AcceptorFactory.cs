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
        if (options is { MaxConnections: not null, KeepOpen: false })
        {
            reporter.User("Warning: Maximum connections ignored, since it does not take effect without -k or --broker.");
        }

        IReadOnlyList<IPAddress> addresses = given is not null ? [given] : options.Family switch
        {
            AddressFamily.InterNetwork => [IPAddress.Any],
            AddressFamily.InterNetworkV6 => [IPAddress.IPv6Any],
            _ => [IPAddress.IPv6Any, IPAddress.Any],
        };
        return options.Protocol == NetcatProtocol.Sctp
            ? [await OpenSctpAsync(addresses, port, reporter)]
            : await OpenSocketsAsync(addresses, port, options.Protocol, reporter);
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
            foreach (var address in addresses)
            {
                reporter.Debug($"do_listen(\"{address}\"): {failed.ErrorText}");
            }

            if (addresses.Count > 1)
            {
                // Ncat says only that it could open none; the reason is what people look for.
                reporter.User($"socket: {failed.ErrorText}.");
            }

            throw NoSocket(addresses, failed.ErrorText);
        }
        catch (SctpException failed)
        {
            reporter.Detail($"SCTP: {failed.Message}");
            throw new QuitException($"bind to {addresses[0]}:{port}: {failed.ErrorText}.");
        }
    }

    /// <summary>One socket a family, IPv6's for IPv6 only; a family that this machine does not have is left out.</summary>
    private static async Task<IReadOnlyList<IAcceptor>> OpenSocketsAsync(IReadOnlyList<IPAddress> addresses, int port, NetcatProtocol protocol, Reporter reporter)
    {
        var acceptors = new List<IAcceptor>();
        var missing = "";
        foreach (var address in addresses)
        {
            var asked = new IPEndPoint(address, port);
            try
            {
                if (ListeningSocket.TryOpen(asked, protocol, Backlog, mayBeMissing: addresses.Count > 1, out var socket, out missing))
                {
                    acceptors.Add(protocol == NetcatProtocol.Tcp ? new TcpAcceptor(socket, asked) : new UdpAcceptor(socket, asked, () => ListeningSocket.OpenUdp(asked)));
                }
                else
                {
                    reporter.Debug($"do_listen(\"{address}\"): {missing}");
                }
            }
            catch (SocketException failed)
            {
                foreach (var opened in acceptors)
                {
                    await opened.DisposeAsync();
                }

                throw new QuitException($"bind to {address}:{port}: {ConnectionException.From(failed).Message}.");
            }
        }

        return acceptors.Count > 0 ? acceptors : throw NoSocket(addresses, missing);
    }

    // Ncat's spelling, the missing full stop included.
    private static QuitException NoSocket(IReadOnlyList<IPAddress> addresses, string why) => new(addresses.Count == 1
        ? $"Unable to open listening socket on {addresses[0]}: {why}"
        : "Unable to open any listening sockets.");
}
