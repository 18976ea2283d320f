using System.Net;
using System.Net.Sockets;
using Trunkline.Netcat.CommandLine;
using Trunkline.Sctp;

namespace Trunkline.Netcat.Connections;

/// <summary>Opens one connection to one address.</summary>
internal static class Connector
{
    internal static async Task<IConnection> ConnectAsync(
        IPEndPoint remote, IPEndPoint? local, NetcatOptions options, Reporter reporter, CancellationToken cancellationToken)
    {
        if (options.Protocol == NetcatProtocol.Sctp)
        {
            return await ConnectSctpAsync(remote, local, reporter, cancellationToken);
        }

        var tcp = options.Protocol == NetcatProtocol.Tcp;
        var socket = new Socket(remote.AddressFamily, tcp ? SocketType.Stream : SocketType.Dgram, tcp ? ProtocolType.Tcp : ProtocolType.Udp);
        try
        {
            Bind(socket, local, reporter);
            await socket.ConnectAsync(remote, cancellationToken);
            return new SocketConnection(socket);
        }
        catch (SocketException failed)
        {
            socket.Dispose();
            throw ConnectionException.From(failed);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<IConnection> ConnectSctpAsync(IPEndPoint remote, IPEndPoint? local, Reporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            var options = new SctpConnectionOptions { RemoteEndPoint = remote, LocalEndPoint = local };
            var association = await SctpAssociation.ConnectAsync(options, cancellationToken);
            reporter.Debug($"SCTP by {Backend(association.Backend)}");
            return new SctpConnection(association);
        }
        catch (SctpException failed) when (failed.Error == SctpError.ProtocolNotSupported)
        {
            reporter.Plain("libnsock nsock_make_socket(): Socket trouble: Protocol not supported");
            throw ConnectionException.From(failed);
        }
        catch (SctpException failed)
        {
            throw ConnectionException.From(failed);
        }
    }

    internal static string Backend(SctpBackend backend) => backend switch
    {
        SctpBackend.Service => "the node's SCTP service",
        SctpBackend.Kernel => "the kernel",
        _ => "this process",
    };

    // Ncat says that binding failed, and connects all the same.
    private static void Bind(Socket socket, IPEndPoint? local, Reporter reporter)
    {
        if (local is null)
        {
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(local);
        }
        catch (SocketException failed)
        {
            var error = ConnectionException.From(failed);
            reporter.Plain($"libnsock mksock_bind_addr(): Bind to {EndPointText.Of(local)} failed (IOD #1): {error.Message} ({error.Error})");
        }
    }
}
