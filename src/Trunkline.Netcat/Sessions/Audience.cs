using System.Collections.Concurrent;
using System.Threading.Channels;
using Trunkline.Netcat.CommandLine;
using Trunkline.Netcat.Connections;

namespace Trunkline.Netcat.Sessions;

/// <summary><c>-k</c>: everyone who connects, at once. Input goes to all of them, what they send is printed as it comes.</summary>
internal sealed class Audience(NetcatOptions options, NetcatStreams streams, Reporter reporter)
{
    private readonly ConcurrentDictionary<Relay, Task> _present = new();
    private readonly ConcurrentDictionary<Task, byte> _serving = new();
    private readonly TaskCompletionSource _everythingSaid = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _inputEnded;

    internal async Task<int> RunAsync(ChannelReader<IConnection> accepted)
    {
        var serving = ServeAllAsync(accepted);
        var first = await Task.WhenAny(serving, _everythingSaid.Task);
        await first;
        return 0;
    }

    private async Task ServeAllAsync(ChannelReader<IConnection> accepted)
    {
        Task? input = null;
        var synchronized = streams with { Output = Stream.Synchronized(streams.Output) };
        await foreach (var connection in accepted.ReadAllAsync())
        {
            Announce.Connection(reporter, connection);
            if (_serving.Count >= options.ConnectionLimit)
            {
                reporter.Detail($"New connection denied: connection limit reached ({options.ConnectionLimit})");
                await connection.DisposeAsync();
                continue;
            }

            var serving = ServeAsync(connection, synchronized);
            _serving[serving] = 0;
            _ = serving.ContinueWith(done => _serving.TryRemove(done, out _), TaskScheduler.Default);

            // Ncat reads its input only once somebody is there to send it to.
            input ??= options.ReceiveOnly || options.HasCommand ? Task.CompletedTask : SendInputAsync();
        }
    }

    private async Task ServeAsync(IConnection connection, NetcatStreams synchronized)
    {
        await using var held = connection;
        using var relay = new Relay(connection, options, synchronized, reporter);
        try
        {
            if (options.HasCommand)
            {
                await CommandSession.RunAsync(connection, options, reporter);
                return;
            }

            var receiving = relay.ReceiveAsync();
            _present[relay] = receiving;
            if (_inputEnded)
            {
                await relay.EndListenerInputAsync(receiving);
            }

            await receiving;
        }
        catch (ConnectionException failed)
        {
            reporter.Debug($"{failed.Message}.");
        }
        catch (OperationCanceledException) when (relay.Idle.HasExpired)
        {
            reporter.Detail(relay.Idle.Complaint);
        }
        finally
        {
            _present.TryRemove(relay, out _);
        }
    }

    private async Task SendInputAsync()
    {
        var endings = options.Crlf ? new LineEndings() : null;
        var buffer = new byte[8192];
        int count;
        while ((count = await streams.Input.ReadAsync(buffer)) > 0)
        {
            var bytes = endings is null ? buffer.AsMemory(0, count) : endings.Convert(buffer.AsSpan(0, count));
            foreach (var relay in _present.Keys)
            {
                await TryAsync(() => relay.SendAsync(bytes));
            }
        }

        _inputEnded = true;
        reporter.Debug("EOF on stdin");
        foreach (var (relay, receiving) in _present)
        {
            await TryAsync(() => relay.EndListenerInputAsync(receiving));
        }

        if (options.SendOnly)
        {
            // As Ncat: one who only sends has nothing left to do.
            _everythingSaid.TrySetResult();
        }
    }

    // One who left takes nothing from the others; its own receiving tells of it.
    private static async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception gone) when (gone is ConnectionException or OperationCanceledException or ObjectDisposedException)
        {
            _ = gone;
        }
    }
}
