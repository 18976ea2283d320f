using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Trunkline.ApiServer.Hosting;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.OpenApi;
using Trunkline.ApiServer.Registry.Services;
using Trunkline.ApiServer.Security;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Streaming;

namespace Trunkline.ApiServer;

/// <summary>A running API server.</summary>
public sealed class ApiServerHost : IAsyncDisposable
{
    private readonly ObjectStore _store;
    private readonly WebApplication _web;
    private readonly IServer _server;
    private readonly NodeClient _nodes;
    private readonly CancellationTokenSource _stopping = new();
    private bool _disposed;

    private ApiServerHost(ObjectStore store, WebApplication web, NodeClient nodes)
    {
        _store = store;
        _web = web;
        _server = web.Services.GetRequiredService<IServer>();
        _nodes = nodes;
    }

    /// <summary>Where the server listens, as Kestrel names it.</summary>
    public IReadOnlyList<string> Addresses => _server.Features.Get<IServerAddressesFeature>() is { } feature ? [.. feature.Addresses] : [];

    /// <summary>Opens the store, makes what every cluster has, and serves. Returns when requests are answered.</summary>
    public static async Task<ApiServerHost> StartAsync(ApiServerOptions options, CancellationToken token = default)
    {
        // The store and the web server need nothing of each other and cost about the same: on two cores they are made at once.
        var opening = Task.Run(() => ObjectStore.Open(options.DatabasePath), token);
        var host = await BuildAsync(options, opening);
        var logger = options.Loggers.CreateLogger("Trunkline.ApiServer");
        try
        {
            // Whoever connects before the store is ready waits for its answer a moment.
            var pipeline = Task.Run(() => host.PrepareAsync(options, logger), token);
            await host._server.StartAsync(new KestrelApplication(async context => await (await pipeline).HandleAsync(context)), token);
            await pipeline;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        Log.Started(logger, string.Join(' ', host.Addresses), host._store.State.Everything().Count(), host._store.State.Revision);
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
        await _web.DisposeAsync();
        _nodes.Dispose();
        await _store.DisposeAsync();
        _stopping.Dispose();
    }

    private static async Task<ApiServerHost> BuildAsync(ApiServerOptions options, Task<ObjectStore> opening)
    {
        WebApplication? web = null;
        try
        {
            web = Web(options);
            return new ApiServerHost(await opening, web, new NodeClient(options));
        }
        catch
        {
            await (web?.DisposeAsync() ?? ValueTask.CompletedTask);
            await Task.WhenAny(opening);
            await (opening.IsCompletedSuccessfully ? (await opening).DisposeAsync() : ValueTask.CompletedTask);
            throw;
        }
    }

    private async Task<RequestPipeline> PrepareAsync(ApiServerOptions options, ILogger logger)
    {
        var services = new ServiceAllocator(
            options.SecondaryServiceNetwork is { } second ? [options.ServiceNetwork, second] : [options.ServiceNetwork], options.NodePorts.First, options.NodePorts.Last);
        await new Bootstrap(_store, services, options).RunAsync();
        return Pipeline(options, services, logger);
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
            new ScaleHandlers(_store, services),
            options.Clock,
            logger);
    }

    // Of the web application only its server is used: routing, middleware and hosted services would cost start-up time for nothing.
    private static WebApplication Web(ApiServerOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(options.Loggers);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options));
        return builder.Build();
    }

    private static void Configure(KestrelServerOptions kestrel, ApiServerOptions options)
    {
        kestrel.AddServerHeader = false;
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
    }
}
