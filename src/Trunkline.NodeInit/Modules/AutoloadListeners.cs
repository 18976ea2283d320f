using System.Net.Sockets;
using System.Text.Json;
using Trunkline.NodeInit.Configuration;

namespace Trunkline.NodeInit.Modules;

/// <summary>
/// While the module waits for a first socket, init listens where the SCTP service would. The first caller is the kernel's request_module:
/// it brings the service, sees its connection closed unanswered, and calls again.
/// </summary>
internal sealed class AutoloadListeners : IDisposable
{
    private const int SunPathLength = 107;

    private readonly string _registry;
    private readonly Action _requestLoad;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Socket> _listeners = [];
    private readonly FileSystemWatcher _watcher;
    private readonly ITimer _rescan;
    private bool _closed;

    public AutoloadListeners(string registry, Action requestLoad, TimeProvider time)
    {
        _registry = registry;
        _requestLoad = requestLoad;
        Directory.CreateDirectory(registry);
        _watcher = new FileSystemWatcher(registry, "*.json");
        _watcher.Created += (_, _) => Scan();
        _watcher.Renamed += (_, _) => Scan();
        _watcher.Deleted += (_, _) => Scan();
        _watcher.EnableRaisingEvents = true;
        Scan();

        // Watches can be lost (queue overflow); the scan finds what they missed.
        _rescan = time.CreateTimer(_ => Scan(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        _rescan.Dispose();
        _watcher.Dispose();
        lock (_gate)
        {
            _closed = true;
            foreach (var path in _listeners.Keys.ToArray())
            {
                Close(path);
            }
        }
    }

    private void Scan()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            var wanted = Registered().ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _listeners.Keys.Except(wanted).ToArray())
            {
                Close(gone);
            }

            foreach (var path in wanted.Where(path => !_listeners.ContainsKey(path)))
            {
                Listen(path);
            }
        }
    }

    private IEnumerable<string> Registered()
    {
        foreach (var file in Directory.EnumerateFiles(_registry, "*.json"))
        {
            if (Read(file) is { } entry)
            {
                yield return Path.Join(entry.Directory, "sctp.sock");
            }
        }
    }

    private static NamespaceEntry? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), NodeSettingsContext.Default.NamespaceEntry);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            Console.WriteLine($"init: {file}: {error.Message}");
            return null;
        }
    }

    private void Listen(string path)
    {
        if (path.Length > SunPathLength)
        {
            Console.WriteLine($"init: {path} is too long for a socket");
            return;
        }

        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));

            // Any user in the Pod may open an SCTP socket, as with a kernel's.
            File.SetUnixFileMode(path, (UnixFileMode)0x1B6);
            listener.Listen(16);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            Console.WriteLine($"init: {path}: {error.Message}; tried again in a second");
            listener.Dispose();
            return;
        }

        _listeners.Add(path, listener);
        new Thread(() => WaitForFirst(listener)) { IsBackground = true, Name = "autoload" }.Start();
    }

    private void WaitForFirst(Socket listener)
    {
        try
        {
            using var first = listener.Accept();
            _requestLoad();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed from this side: the module was loaded by another, or the Pod has gone.
        }
    }

    private void Close(string path)
    {
        _listeners.Remove(path, out var listener);
        File.Delete(path);
        listener?.Dispose();
    }
}
