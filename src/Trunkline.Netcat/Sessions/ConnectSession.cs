using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Trunkline.Netcat.CommandLine;
using Trunkline.Netcat.Connections;

namespace Trunkline.Netcat.Sessions;

/// <summary><c>nc host port</c>.</summary>
internal sealed class ConnectSession(NetcatOptions options, NetcatStreams streams, Reporter reporter, TimeProvider time)
{
    private static readonly TimeSpan _probeWait = TimeSpan.FromSeconds(2);

    internal async Task<int> RunAsync()
    {
        var host = Destination.Host(options)!;
        var addresses = await HostResolver.ResolveAsync(host, options);
        var source = options.SourceAddress is { } given ? (await HostResolver.ResolveAsync(given, options, "source address"))[0] : null;
        var port = Destination.Port(options);
        Destination.CheckCombinations(options);
        var started = time.GetTimestamp();
        var connection = await ConnectAnyAsync(addresses, port, source);
        if (connection is null)
        {
            return 1;
        }

        await using (connection)
        {
            reporter.Detail($"Connected to {EndPointText.Of(connection.RemoteEndPoint)}.");
            return await UseAsync(connection, started);
        }
    }

    private async Task<IConnection?> ConnectAnyAsync(IReadOnlyList<IPAddress> addresses, int port, IPAddress? source)
    {
        for (var i = 0; i < addresses.Count; i++)
        {
            var (connection, failure) = await TryConnectAsync(new IPEndPoint(addresses[i], port), source);
            if (connection is not null)
            {
                return connection;
            }

            if (i < addresses.Count - 1)
            {
                reporter.Detail($"Connection to {addresses[i]} failed: {failure}.");
                reporter.Detail("Trying next address...");
            }
            else
            {
                Complain(failure);
            }
        }

        return null;
    }

    private async Task<(IConnection? Connection, string Failure)> TryConnectAsync(IPEndPoint remote, IPAddress? source)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
        try
        {
            return (await Connector.ConnectAsync(remote, Local(remote, source), options, reporter, limit.Token), "");
        }
        catch (OperationCanceledException)
        {
            return (null, "TIMEOUT");
        }
        catch (ConnectionException failed)
        {
            if (options.Protocol == NetcatProtocol.Sctp && failed.Explanation is { } why && why != failed.Message)
            {
                reporter.Detail($"SCTP: {why}");
            }

            return (null, failed.Message);
        }
    }

    // With -z the exit status is the answer; words only when asked for.
    private void Complain(string failure)
    {
        if (!options.ZeroIo || options.Verbose)
        {
            reporter.User($"{failure}.");
        }
    }

    private IPEndPoint? Local(IPEndPoint remote, IPAddress? source)
    {
        if (source is null && options.SourcePort is null)
        {
            return null;
        }

        var any = remote.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        return new IPEndPoint(source ?? any, options.SourcePort ?? 0);
    }

    private async Task<int> UseAsync(IConnection connection, long started)
    {
        if (options.HasCommand)
        {
            await CommandSession.RunAsync(connection, options, reporter);
            return 0;
        }

        using var relay = new Relay(connection, options, streams, reporter);
        try
        {
            await (options.ZeroIo ? ProbeAsync(connection, relay) : relay.RunClientAsync());
        }
        catch (ConnectionException failed)
        {
            Complain(failed.Message);
            return 1;
        }
        catch (OperationCanceledException) when (relay.Idle.HasExpired)
        {
            reporter.User(relay.Idle.Complaint);
            return 1;
        }

        var seconds = time.GetElapsedTime(started).TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
        reporter.Detail($"{relay.Sent} bytes sent, {relay.Received} bytes received in {seconds} seconds.");
        return 0;
    }

    // -z: TCP and SCTP have shown by connecting that the port is open; UDP only by not refusing a datagram.
    private async Task ProbeAsync(IConnection connection, Relay relay)
    {
        using var limit = new CancellationTokenSource(_probeWait, time);
        if (!connection.HasEnd)
        {
            await relay.SendAsync(new byte[1]);
        }
        else if (connection.HasHalfClose)
        {
            return;
        }
        else
        {
            await connection.FinishSendingAsync(limit.Token);
        }

        try
        {
            // What an open port says is not printed with -z; it is read so that SHUTDOWN can complete.
            var buffer = new byte[65536];
            while (await connection.ReadAsync(buffer, limit.Token) > 0 && connection.HasEnd)
            {
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // Silence: for UDP the best that can be seen; an open SCTP port is open however slowly it says goodbye.
        }

        if (!connection.HasEnd)
        {
            reporter.Detail("UDP packet sent successfully");
        }
    }
}
