using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trunkline.ApiServer.Hosting;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.OpenApi;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Security;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Streaming;

namespace Trunkline.ApiServer;

/// <summary>A running API server.</summary>
public sealed class ApiServerHost : IAsyncDisposable
{
    private readonly ObjectStore _store;
    private readonly KestrelServer _server;
    private readonly NodeClient _nodes;
    private readonly CancellationTokenSource _stopping = new();
    private bool _disposed;

    private ApiServerHost(ObjectStore store, KestrelServer server, NodeClient nodes)
    {
        _store = store;
        _server = server;
        _nodes = nodes;
    }

    /// <summary>Where the server listens, as Kestrel names it.</summary>
    public IReadOnlyList<Uri> Addresses => _server.Features.Get<IServerAddressesFeature>() is { } feature ? [.. feature.Addresses.Select(a => new Uri(a))] : [];

    /// <summary>Opens the store, makes what every cluster has, and serves. Returns when requests are answered.</summary>
    public static async Task<ApiServerHost> StartAsync(ApiServerOptions options, CancellationToken token = default)
    {
        var store = ObjectStore.Open(options.DatabasePath);
        var services = new ServiceAllocator(options.ServiceNetwork, options.NodePorts.First, options.NodePorts.Last);
        var logger = options.Loggers.CreateLogger("Trunkline.ApiServer");
        var server = new KestrelServer(
            Options.Create(KestrelOptions(options)), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), options.Loggers), options.Loggers);
        var host = new ApiServerHost(store, server, new NodeClient(options));
        try
        {
            var booted = new Bootstrap(store, services, options).RunAsync();
            var pipeline = host.Pipeline(options, services, logger);
            await booted;
            await server.StartAsync(new KestrelApplication(pipeline.HandleAsync), token);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        Log.Started(logger, string.Join(' ', host.Addresses), store.State.Everything().Count(), store.State.Revision);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stopping.CancelAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
        await _server.StopAsync(patience.Token);
        _server.Dispose();
        _nodes.Dispose();
        await _store.DisposeAsync();
        _stopping.Dispose();
    }

    private RequestPipeline Pipeline(ApiServerOptions options, ServiceAllocator services, ILogger logger)
    {
        var tokens = new TokenIssuer(_store, options.Clock);
        var authenticator = new Authenticator(options.ClientAuthorities, tokens, options.Tokens);
        var authorizer = new Authorizer(_store);
        var objects = new ObjectHandlers(_store, services, options.Clock, _stopping.Token);
        var address = options.AdvertisedEndPoint?.ToString() ?? (options.ListenEndPoints.Count > 0 ? options.ListenEndPoints[0].ToString() : "");
        return new RequestPipeline(
            authenticator,
            authorizer,
            new PathHandlers(new OpenApiDocuments(), address),
            objects,
            new SubresourceHandlers(_store, tokens, new NodeProxy(_store, _nodes)),
            new ReviewHandlers(authenticator, authorizer),
            new ProjectHandlers(_store, services, objects, authorizer),
            options.Clock,
            logger);
    }

    private static KestrelServerOptions KestrelOptions(ApiServerOptions options)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = RequestBody.Limit + 1024;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
        var https = new HttpsConnectionAdapterOptions
        {
            ServerCertificate = options.ServerCertificate,
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,

            // Whom a certificate names, and whether it is genuine, the authenticator decides: a bad one is answered 401, not a broken connection.
            ClientCertificateValidation = (_, _, _) => true,
        };
        foreach (var handle in options.ListenHandles)
        {
            kestrel.ListenHandle(handle, listen => listen.UseHttps(https));
        }

        foreach (var endPoint in options.ListenEndPoints)
        {
            kestrel.Listen(endPoint, listen => listen.UseHttps(https));
        }

        return kestrel;
    }
}
