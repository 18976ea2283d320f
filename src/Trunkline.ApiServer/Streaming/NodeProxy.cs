using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Trunkline.ApiServer.Streaming;

/// <summary>Passes exec, attach and log requests on to the agent of the node that runs the Pod, as a real API server does to its kubelets.</summary>
public sealed class NodeProxy : IDisposable
{
    /// <summary>The port at which node agents answer.</summary>
    public const int NodePort = 10250;

    private static readonly string[] s_protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io", "channel.k8s.io"];
    private readonly HttpMessageInvoker _client;

    /// <summary>Makes a proxy.</summary>
    /// <param name="dial">How nodes are reached.</param>
    /// <param name="client">The API server's own certificate, by which agents know it.</param>
    /// <param name="authority">The CA that signed the agents' serving certificates.</param>
    public NodeProxy(NodeDialer dial, X509Certificate2 client, X509Certificate2 authority)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (context, cancel) => dial(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel),
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [client],
                LocalCertificateSelectionCallback = (_, _, _, _, _) => client,
                RemoteCertificateValidationCallback = (_, certificate, _, errors) => SignedBy(authority, certificate, errors),
            },
        };
        _client = new HttpMessageInvoker(handler);
    }

    /// <summary>Answers a request with what the node's agent answers; a WebSocket is bridged until one side closes it.</summary>
    /// <param name="context">The client's request.</param>
    /// <param name="nodeAddress">The node's InternalIP.</param>
    /// <param name="pathAndQuery">The agent's path, such as <c>/containerLogs/NS/POD/CONTAINER</c>.</param>
    /// <exception cref="HttpRequestException">The agent cannot be reached or refused the WebSocket.</exception>
    public Task ProxyAsync(HttpContext context, string nodeAddress, string pathAndQuery)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.WebSockets.IsWebSocketRequest
            ? BridgeAsync(context, new Uri($"wss://{nodeAddress}:{NodePort}{pathAndQuery}"))
            : CopyAsync(context, new Uri($"https://{nodeAddress}:{NodePort}{pathAndQuery}"));
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private async Task CopyAsync(HttpContext context, Uri uri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using var answer = await _client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.StartAsync(context.RequestAborted);

        // Each piece is flushed at once: a follower of a log must not wait for a buffer to fill.
        await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private async Task BridgeAsync(HttpContext context, Uri uri)
    {
        using var node = new ClientWebSocket();
        foreach (var protocol in context.WebSockets.WebSocketRequestedProtocols.Where(s_protocols.Contains))
        {
            node.Options.AddSubProtocol(protocol);
        }

        try
        {
            await node.ConnectAsync(uri, _client, context.RequestAborted);
        }
        catch (WebSocketException error)
        {
            throw new HttpRequestException($"error dialing backend: {error.InnerException?.Message ?? error.Message}", error);
        }

        using var client = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = node.SubProtocol });
        await WebSocketBridge.RunAsync(client, node, context.RequestAborted);
    }

    private static bool SignedBy(X509Certificate2 authority, X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var presented = new X509Certificate2(certificate);
        return chain.Build(presented);
    }
}
