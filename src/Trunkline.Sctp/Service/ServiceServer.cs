using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Trunkline.Sctp.Loops;

namespace Trunkline.Sctp.Service;

/// <summary>Answers programs at one Unix socket for one namespace's endpoint. Who calls is known by the socket, never by what it says.</summary>
public sealed class ServiceServer : IAsyncDisposable
{
    private const int Backlog = 128;

    // A Pod that opens sockets without end must not take the service's memory: each connection may hold two windows.
    private const int MaxConnections = 1024;
    private static readonly TimeSpan _complaintPause = TimeSpan.FromSeconds(1);
    private readonly Lock _complaining = new();
    private readonly EndpointLoop _loop;
    private readonly string _path;
    private readonly Action<string> _log;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<string, LoopAssociation> _accepted = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private long? _complained;
    private long _unsaid;
    private Task _accepting = Task.CompletedTask;

    /// <param name="loop">The namespace's endpoint; it stays the caller's.</param>
    /// <param name="path">Where to listen. A file left there by a dead service is replaced.</param>
    /// <param name="log">Takes one line for a person.</param>
    public ServiceServer(EndpointLoop loop, string path, Action<string> log)
    {
        _loop = loop;
        _path = path;
        _log = log;
    }

    /// <summary>Binds the socket and begins to answer.</summary>
    public void Start()
    {
        if (Path.GetDirectoryName(_path) is { Length: > 0 } directory)
        {
            Directory.CreateDirectory(directory);
        }

        File.Delete(_path);
        _listener.Bind(new UnixDomainSocketEndPoint(_path));

        // Any user of the Pod may use SCTP, as any user may open a socket.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_path, (UnixFileMode)0b110_110_110);
        }

        _listener.Listen(Backlog);
        _accepting = AcceptAllAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (DirectoryNotFoundException)
        {
            // Its directory was taken away first, and it with that: so ends every Pod.
        }

        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stopping.Dispose();
    }

    internal byte[] Offer(LoopAssociation association)
    {
        var token = RandomNumberGenerator.GetBytes(ServiceProtocol.TokenSize);
        _accepted[Convert.ToHexString(token)] = association;
        return token;
    }

    internal bool IsWaiting(ReadOnlySpan<byte> token) => _accepted.ContainsKey(Convert.ToHexString(token));

    internal LoopAssociation? Claim(ReadOnlySpan<byte> token) =>
        _accepted.TryRemove(Convert.ToHexString(token), out var association) ? association : null;

    private async Task AcceptAllAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failed)
            {
                // Out of descriptors, or a client that left at once: others go on.
                _log($"{_path}: accept: {failed.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
                continue;
            }

            if (_connections.Count >= MaxConnections)
            {
                socket.Dispose();
                continue;
            }

            var serving = ServeAsync(socket);
            _connections[serving] = 0;
            _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    // A line a second: what a program of a Pod does wrong must not fill the node's disk.
    private void Complain(string violation)
    {
        lock (_complaining)
        {
            if (_complained is { } last && TimeProvider.System.GetElapsedTime(last) < _complaintPause)
            {
                _unsaid++;
                return;
            }

            var others = _unsaid == 0 ? "" : $" (and {_unsaid} more since the last line)";
            _complained = TimeProvider.System.GetTimestamp();
            _unsaid = 0;
            _log($"{_path}: a client broke the protocol: {violation}{others}");
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        await using var connection = new ServerConnection(this, _loop, new FrameConnection(socket));
        try
        {
            await connection.RunAsync(_stopping.Token);
        }
        catch (ProtocolViolationException violation)
        {
            Complain(violation.Message);
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or the service ends: what the connection held is closed as at a process's end.
            _ = ended;
        }
    }
}
