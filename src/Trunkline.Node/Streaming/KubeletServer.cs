using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Streaming.Channels;
using Trunkline.Node.Streaming.Logs;
using Trunkline.Node.Streaming.Sessions;

namespace Trunkline.Node.Streaming;

/// <summary>The agent's HTTPS server, with a kubelet's paths: containerLogs, exec, attach, pods, healthz.</summary>
internal sealed class KubeletServer : IAsyncDisposable
{
    public const int Port = 10250;

    private static readonly TimeSpan PingEach = TimeSpan.FromSeconds(30);

    private readonly WebApplication _application;
    private readonly ContainerStreams _streams;
    private readonly Func<IReadOnlyList<V1Pod>> _pods;
    private readonly TimeProvider _time;

    private KubeletServer(WebApplication application, ContainerStreams streams, Func<IReadOnlyList<V1Pod>> pods, TimeProvider time)
    {
        _application = application;
        _streams = streams;
        _pods = pods;
        _time = time;
        application.UseWebSockets(new WebSocketOptions { KeepAliveInterval = PingEach });
        application.Run(HandleAsync);
    }

    public static async Task<KubeletServer> StartAsync(NodeConfig config, ContainerStreams streams, Func<IReadOnlyList<V1Pod>> pods, ILoggerFactory loggers,
        CancellationToken cancellationToken, int port = Port)
    {
        var authority = new ClientAuthority(config.CaFile);
        var certificate = X509Certificate2.CreateFromPemFile(config.ServingCertFile, config.ServingKeyFile);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Parse(config.NodeIp), port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1; // WebSockets as the API server's client speaks them
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                    ClientCertificateValidation = (client, _, _) => authority.Signed(client),
                });
            });
        });
        var server = new KubeletServer(builder.Build(), streams, pods, TimeProvider.System);
        await server._application.StartAsync(cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        // Open exec sessions must not hold a restart back; Kestrel would wait for them half a minute.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Connection.ClientCertificate is not { } client || !ClientAuthority.MayAsk(client.SubjectName))
        {
            await AnswerAsync(context, StatusCodes.Status403Forbidden, "Forbidden");
            return;
        }

        try
        {
            await RouteAsync(context);
        }
        catch (StreamException exception)
        {
            await AnswerAsync(context, exception.Status, exception.Message);
        }
        catch (Exception exception) when (!context.Response.HasStarted && exception is IOException or System.Net.Sockets.SocketException)
        {
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, exception.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort(); // the reader left; there is nobody to answer
        }
    }

    private Task RouteAsync(HttpContext context)
    {
        var parts = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["healthz"] => AnswerAsync(context, StatusCodes.Status200OK, "ok"),
            ["pods"] => AnswerAsync(context, StatusCodes.Status200OK, KubernetesJson.Serialize(new V1PodList { ApiVersion = "v1", Kind = "PodList", Items = [.. _pods()] }),
                "application/json"),
            ["containerLogs", var podNamespace, var pod, var container] => LogsAsync(context, podNamespace, pod, container),
            ["exec", var podNamespace, var pod, var container] => ExecAsync(context, podNamespace, pod, container),
            ["exec", var podNamespace, var pod, _, var container] => ExecAsync(context, podNamespace, pod, container),
            ["attach", var podNamespace, var pod, var container] => AttachAsync(context, podNamespace, pod, container),
            ["attach", var podNamespace, var pod, _, var container] => AttachAsync(context, podNamespace, pod, container),
            _ => AnswerAsync(context, StatusCodes.Status404NotFound, "404 page not found"),
        };
    }

    private async Task LogsAsync(HttpContext context, string podNamespace, string pod, string container)
    {
        var (reader, running) = _streams.Logs(podNamespace, pod, container, LogOptions.Parse(context.Request.Query, _time.GetUtcNow()));
        context.Response.ContentType = "text/plain";
        await context.Response.StartAsync(context.RequestAborted); // a follower sees at once that it is served
        await reader.CopyAsync(context.Response.Body, running, context.RequestAborted);
    }

    private async Task ExecAsync(HttpContext context, string podNamespace, string pod, string container)
    {
        var request = StreamRequest.Parse(context.Request.Query);
        await StreamAsync(context, request, () => _streams.Exec(podNamespace, pod, container, request));
    }

    private async Task AttachAsync(HttpContext context, string podNamespace, string pod, string container) =>
        await StreamAsync(context, StreamRequest.Parse(context.Request.Query), () => _streams.Attach(podNamespace, pod, container));

    private async Task StreamAsync(HttpContext context, StreamRequest request, Func<IStreamedProcess> start)
    {
        if (!context.WebSockets.IsWebSocketRequest || ChannelProtocol.Choose(context.WebSockets.WebSocketRequestedProtocols) is not { } protocol)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, $"needs a WebSocket with {ChannelProtocol.V5} or {ChannelProtocol.V4}");
            return;
        }

        using var process = start();
        using var connection = new ChannelConnection(await context.WebSockets.AcceptWebSocketAsync(protocol));
        try
        {
            await new StreamSession(connection, process, request, _time).RunAsync(context.RequestAborted);
        }
        catch (WebSocketException)
        {
            context.Abort();
        }
    }

    private static async Task AnswerAsync(HttpContext context, int status, string text, string type = "text/plain; charset=utf-8")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }
}
