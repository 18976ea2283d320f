using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Trunkline.ApiServer.Streaming;

/// <summary>HTTPS to node agents, through connections that the lab opens.</summary>
internal sealed class NodeClient : IDisposable
{
    private readonly ApiServerOptions _options;
    private readonly SocketsHttpHandler _handler;

    public NodeClient(ApiServerOptions options)
    {
        _options = options;
        _handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            ConnectCallback = ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions
            {
                // Named outright: an agent that lists its authorities must not make the platform choose none.
                ClientCertificates = options.NodeClientCertificate is { } certificate ? [certificate] : null,
                LocalCertificateSelectionCallback = options.NodeClientCertificate is { } own ? (_, _, _, _, _) => own : null,
                RemoteCertificateValidationCallback = (_, presented, _, errors) => Trusts(presented, errors),
            },
        };
        Invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    public HttpMessageInvoker Invoker { get; }

    public void Dispose()
    {
        Invoker.Dispose();
        _handler.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken token)
    {
        var target = new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port);
        if (_options.NodeDialer is { } dial)
        {
            return await dial(context.DnsEndPoint.Host, context.DnsEndPoint.Port, token);
        }

        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // The lab's own authority signs node agents' serving certificates; the address must be theirs.
    private bool Trusts(X509Certificate? presented, SslPolicyErrors errors)
    {
        if (presented is not X509Certificate2 certificate || (errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_options.ClientAuthorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
