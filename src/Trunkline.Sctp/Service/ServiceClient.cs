using System.Net;
using System.Net.Sockets;
using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Service;

/// <summary>connect and listen through a node's SCTP service.</summary>
internal static class ServiceClient
{
    // While the "module" is being loaded, the socket's first answer is a closed connection (docs/architecture.md).
    private static readonly TimeSpan _loadingLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _retryPause = TimeSpan.FromMilliseconds(50);

    internal static async Task<ServiceAssociation> ConnectAsync(string path, IPEndPoint local, IPEndPoint remote, CancellationToken cancellationToken)
    {
        var channel = await OpenAsync(path, cancellationToken);
        try
        {
            if (local.Port != 0 || !SctpAddress.FromIPAddress(local.Address).IsAny)
            {
                await channel.CallAsync(w => w.Start(FrameKind.Bind).Address(SctpAddress.FromIPAddress(local.Address)).UInt16((ushort)local.Port), cancellationToken);
            }

            var names = await channel.CallAsync(
                w => w.Start(FrameKind.Connect).Address(SctpAddress.FromIPAddress(remote.Address)).UInt16((ushort)remote.Port), cancellationToken);
            return await ServiceAssociation.StartAsync(channel, names, cancellationToken);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    internal static async Task<ServiceListener> ListenAsync(string path, SctpListenerOptions options, CancellationToken cancellationToken)
    {
        var channel = await OpenAsync(path, cancellationToken);
        try
        {
            var address = options.Address is null ? default : SctpAddress.FromIPAddress(options.Address);
            await channel.CallAsync(w => w.Start(FrameKind.Bind).Address(address).UInt16((ushort)options.Port), cancellationToken);
            var bound = await channel.CallAsync(w => w.Start(FrameKind.Listen).UInt16((ushort)Math.Clamp(options.Backlog, 1, ushort.MaxValue)), cancellationToken);
            return new ServiceListener(path, channel, ReadEndPoint(bound));
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    internal static async Task<ServiceAssociation> AttachAsync(string path, byte[] token, CancellationToken cancellationToken)
    {
        var channel = await OpenAsync(path, cancellationToken);
        try
        {
            var names = await channel.CallAsync(w => w.Start(FrameKind.Attach).Bytes(token), cancellationToken);
            return await ServiceAssociation.StartAsync(channel, names, cancellationToken);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    internal static (IPEndPoint Local, IPEndPoint Remote) ReadNames(ReadOnlySpan<byte> body)
    {
        var reader = new FrameReader(body);
        var local = new IPEndPoint(reader.Address().ToIPAddress(), reader.UInt16());
        return (local, new IPEndPoint(reader.Address().ToIPAddress(), reader.UInt16()));
    }

    private static IPEndPoint ReadEndPoint(ReadOnlySpan<byte> body)
    {
        var reader = new FrameReader(body);
        var address = reader.Address();
        return new IPEndPoint(address == default ? IPAddress.IPv6Any : address.ToIPAddress(), reader.UInt16());
    }

    private static async Task<ClientChannel> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await TryOpenAsync(path, cancellationToken) is { } channel)
            {
                return channel;
            }

            if (TimeProvider.System.GetElapsedTime(started) >= _loadingLimit)
            {
                throw new SctpException(SctpError.ProtocolNotSupported, $"nobody answers at {path}");
            }

            await Task.Delay(_retryPause, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<ClientChannel?> TryOpenAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        ClientChannel? channel = null;
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            channel = new ClientChannel(new FrameConnection(socket));
            return await channel.GreetAsync(cancellationToken) ? channel : null;
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable)
        {
            // A socket file with nobody behind it: the service is being started, or died.
            return null;
        }
        catch (SocketException lost) when (lost.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown || lost.NativeErrorCode == (int)SctpError.BrokenPipe)
        {
            return null;
        }
        finally
        {
            if (channel is not { IsGreeted: true })
            {
                socket.Dispose();
            }
        }
    }
}
