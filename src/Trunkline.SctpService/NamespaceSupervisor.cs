using System.Threading.Channels;
using Trunkline.Sctp;

namespace Trunkline.SctpService;

/// <summary>Makes what is served follow the registry directory: woken by inotify, and looking again by itself now and then.</summary>
internal sealed class NamespaceSupervisor(string directory, Action<string> log)
{
    // inotify can lose events, and a namespace that could not be opened is tried again.
    private static readonly TimeSpan _rescan = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, ServedNamespace> _served = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _complaints = new(StringComparer.Ordinal);
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal async Task RunAsync(CancellationToken stopping)
    {
        Directory.CreateDirectory(directory);
        using var watcher = Watch();
        while (!stopping.IsCancellationRequested)
        {
            await FollowAsync();
            await WaitForChangeAsync(stopping);
        }

        foreach (var served in _served.Values)
        {
            await served.DisposeAsync();
        }
    }

    private FileSystemWatcher Watch()
    {
        var watcher = new FileSystemWatcher(directory, "*.json");
        watcher.Created += (_, _) => _changes.Writer.TryWrite(true);
        watcher.Renamed += (_, _) => _changes.Writer.TryWrite(true);
        watcher.Deleted += (_, _) => _changes.Writer.TryWrite(true);
        watcher.Changed += (_, _) => _changes.Writer.TryWrite(true);
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private async Task WaitForChangeAsync(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(_rescan);
        try
        {
            await _changes.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // Time to look again, or to end.
        }
    }

    private async Task FollowAsync()
    {
        var wanted = RegistryReader.Read(directory, Complain);
        foreach (var (path, served) in _served.ToList())
        {
            if (!wanted.TryGetValue(path, out var entry) || entry != served.Entry || !File.Exists(served.Entry.Netns) || served.Fault is not null)
            {
                if (served.Fault is { } fault)
                {
                    log($"{served.Entry.Id}: its endpoint failed and is opened again: {fault}");
                }

                _served.Remove(path);
                await CloseAsync(served);
            }
        }

        foreach (var (path, entry) in wanted.Where(pair => !_served.ContainsKey(pair.Key)))
        {
            await OpenAsync(path, entry);
        }
    }

    // One namespace that does not end well is no reason for the others' associations to end.
    private async Task CloseAsync(ServedNamespace served)
    {
        try
        {
            await served.DisposeAsync();
            log($"{served.Entry.Id}: closed");
        }
        catch (Exception failed) when (failed is SctpException or IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            log($"{served.Entry.Id}: closed, not cleanly: {failed.Message}");
        }
    }

    private async Task OpenAsync(string path, NamespaceEntry entry)
    {
        try
        {
            _served[path] = await ServedNamespace.OpenAsync(entry, log);
            _complaints.Remove(path);
            log($"{entry.Id}: serving {entry.Netns} at {entry.SocketPath}");
        }
        catch (Exception failed) when (failed is SctpException or IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            Complain($"{entry.Id}: {failed.Message}");
        }
    }

    // A complaint that comes back with every rescan is written once.
    private void Complain(string message)
    {
        var subject = message.Split(':', 2)[0];
        if (!_complaints.TryGetValue(subject, out var last) || last != message)
        {
            _complaints[subject] = message;
            log(message);
        }
    }
}
