using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Loops;
using Trunkline.Sctp.Service;
using Trunkline.Sctp.Transports;

namespace Trunkline.SctpService;

/// <summary>One namespace being answered for: its endpoint over raw IP, and the socket its programs call.</summary>
internal sealed class ServedNamespace : IAsyncDisposable
{
    // A Pod's share of the service's memory: many buffers of associations, and a bound.
    private const long MaxBufferMemory = 64L << 20;
    private readonly EndpointLoop _loop;
    private readonly ServiceServer _server;

    private ServedNamespace(NamespaceEntry entry, EndpointLoop loop, ServiceServer server)
    {
        Entry = entry;
        _loop = loop;
        _server = server;
    }

    internal NamespaceEntry Entry { get; }

    /// <summary>Why it answers no more, where it ended by itself; else null.</summary>
    internal Exception? Fault => _loop.Ended.IsCompletedSuccessfully ? _loop.Ended.Result : null;

    internal static async Task<ServedNamespace> OpenAsync(NamespaceEntry entry, Action<string> log)
    {
        var options = new EndpointOptions { MaxAssociations = 4096, MaxBufferMemory = MaxBufferMemory };
        var loop = new EndpointLoop(new RawIpTransport(entry.Netns), options, TimeProvider.System);
        try
        {
            await loop.StartAsync();
            var server = new ServiceServer(loop, entry.SocketPath, log);
            server.Start();
            return new ServedNamespace(entry, loop, server);
        }
        catch
        {
            loop.Dispose();
            throw;
        }
    }

    /// <summary>Closes programs' connections first, so that their associations get their SHUTDOWN or ABORT before the packets stop.</summary>
    public async ValueTask DisposeAsync()
    {
        await _loop.AbortAllAsync();
        await _server.DisposeAsync();
        _loop.Dispose();
    }
}
