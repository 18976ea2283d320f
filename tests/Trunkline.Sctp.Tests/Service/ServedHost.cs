using System.Net;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Loops;
using Trunkline.Sctp.Service;

namespace Trunkline.Sctp.Tests.Service;

/// <summary>A host of a memory wire with a service at a socket, and what the service logged.</summary>
internal sealed class ServedHost : IAsyncDisposable
{
    private readonly EndpointLoop _loop;
    private readonly ServiceServer _server;
    private readonly List<string> _log = [];

    private ServedHost(EndpointLoop loop, IPAddress address)
    {
        _loop = loop;
        Address = address;
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"sctp-served-{Guid.NewGuid():N}");
        _server = new ServiceServer(loop, Path, Log);
    }

    public string Path { get; }

    public IPAddress Address { get; }

    public string Logged
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    public static async Task<ServedHost> StartAsync(MemoryWire wire, string address)
    {
        var loop = new EndpointLoop(wire.Host(address), new EndpointOptions(), TimeProvider.System);
        await loop.StartAsync();
        var host = new ServedHost(loop, IPAddress.Parse(address));
        host._server.Start();
        return host;
    }

    public Task<ServiceListener> ListenAsync(int port) =>
        ServiceClient.ListenAsync(Path, new SctpListenerOptions { Port = port }, TestContext.Current.CancellationToken);

    public Task<ServiceAssociation> ConnectAsync(ServedHost peer, int port) =>
        ServiceClient.ConnectAsync(Path, new IPEndPoint(IPAddress.Any, 0), new IPEndPoint(peer.Address, port), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _loop.AbortAllAsync();
        await _server.DisposeAsync();
        _loop.Dispose();
    }

    private void Log(string line)
    {
        lock (_log)
        {
            _log.Add(line);
        }
    }
}
