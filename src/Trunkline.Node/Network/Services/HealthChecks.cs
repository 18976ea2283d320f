using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Trunkline.Node.Network.Services;

/// <summary>
/// Answers load balancers' health checks (healthCheckNodePort of Services with externalTrafficPolicy Local): 200 where this node has a ready endpoint, else 503, with
/// kube-proxy's JSON. Ports are opened on the calling thread's namespace, for both families.
/// </summary>
internal sealed class HealthChecks(Func<bool> isHealthy, TimeProvider time, ILogger logger) : IDisposable
{
    private const int LongestHead = 8192;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), Pause = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<string, Check> _checks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServedChange> _refused = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Tries again the ports that were somebody else's.</summary>
    public void Retry()
    {
        foreach (var change in _refused.Values.ToList())
        {
            Apply(change);
        }
    }

    public void Apply(ServedChange change)
    {
        _refused.Remove(change.Key);
        var port = change.After?.Service?.HealthCheckNodePort;
        if (_checks.TryGetValue(change.Key, out var known) && known.Port != port)
        {
            known.Dispose();
            _checks.Remove(change.Key);
        }

        if (port is not { } number)
        {
            return;
        }

        if (!_checks.TryGetValue(change.Key, out var check) && (check = Open(change.Key, number)) is null)
        {
            _refused[change.Key] = change;
            return;
        }

        check.Served = change.After!;
        _checks[change.Key] = check;
    }

    public void Dispose()
    {
        _stop.Cancel();
        foreach (var check in _checks.Values)
        {
            check.Dispose();
        }

        _stop.Dispose();
    }

    /// <summary>What is said of a Service.</summary>
    public static (int Status, string Head, string Body) Answer(ServedThing served, bool isHealthy)
    {
        var count = served.ReadyHere;
        var name = (JsonEncodedText.Encode(served.Service!.Namespace), JsonEncodedText.Encode(served.Service.Name));
        var body = $$"""
            {
            	"service": {
            		"namespace": "{{name.Item1}}",
            		"name": "{{name.Item2}}"
            	},
            	"localEndpoints": {{count}},
            	"serviceProxyHealthy": {{(isHealthy ? "true" : "false")}}
            }
            """;
        var status = count > 0 && isHealthy ? 200 : 503;
        var head = $"HTTP/1.1 {status} {(status == 200 ? "OK" : "Service Unavailable")}\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n"
            + $"X-Load-Balancing-Endpoint-Weight: {count}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n";
        return (status, head, body);
    }

    private Check? Open(string service, int port)
    {
        var listener = new TcpListener(IPAddress.IPv6Any, port);
        try
        {
            listener.Server.DualMode = true;
            listener.Start();
        }
        catch (SocketException exception)
        {
            // The port is somebody else's on this node; the balancer sees no answer here until that one goes, and the rest goes on.
            DataPlaneLog.HealthCheckNotServed(logger, service, port, exception.Message);
            listener.Dispose();
            return null;
        }

        var check = new Check(port, listener);
        _ = Task.Run(() => AcceptAsync(check, _stop.Token));
        return check;
    }

    private async Task AcceptAsync(Check check, CancellationToken cancellationToken)
    {
        while (!check.IsClosed)
        {
            try
            {
                var socket = await check.Listener.AcceptSocketAsync(cancellationToken);
                _ = ServeAsync(socket, check, cancellationToken);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
                if (check.IsClosed || exception is not SocketException)
                {
                    return;
                }

                // Out of descriptors, perhaps: not at once again.
                DataPlaneLog.HealthCheckBroken(logger, exception.Message);
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(Socket socket, Check check, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        check.Callers.Enter(either);
        try
        {
            using (socket)
            {
                if (await ReadHeadAsync(socket, either.Token))
                {
                    var (_, head, body) = Answer(check.Served, isHealthy());
                    await socket.SendAsync(Encoding.UTF8.GetBytes(head + body), either.Token);
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // Whoever asks and does not wait for the answer, or is too slow to ask.
            DataPlaneLog.HealthCheckBroken(logger, exception.Message);
        }
        finally
        {
            check.Callers.Leave(either);
        }
    }

    // Every path is answered alike (as kube-proxy does); a request without an end is not.
    private static async Task<bool> ReadHeadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestHead];
        for (var length = 0; length < buffer.Length;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Check(int port, TcpListener listener) : IDisposable
    {
        private volatile ServedThing _served = new(null, []);
        private volatile bool _isClosed;

        public int Port => port;

        public TcpListener Listener => listener;

        /// <summary>Who is being answered: of this Service's port alone, so that nobody can silence another's.</summary>
        public Callers Callers { get; } = new();

        public bool IsClosed => _isClosed;

        public ServedThing Served { get => _served; set => _served = value; }

        public void Dispose()
        {
            _isClosed = true;
            listener.Dispose();
        }
    }
}
