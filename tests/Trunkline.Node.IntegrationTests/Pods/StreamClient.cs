using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Trunkline.Node.Streaming;

namespace Trunkline.Node.IntegrationTests.Pods;

/// <summary>The agent's HTTPS server over a bench, and a client as the API server is one.</summary>
internal sealed class StreamClient : IAsyncDisposable
{
    private readonly Pki _pki = new();
    private readonly X509Certificate2 _identity;
    private readonly string _directory = Directory.CreateTempSubdirectory("tl-pki").FullName;
    private KubeletServer _server = null!;
    private int _port;

    private StreamClient(string subject) => _identity = _pki.Issue(subject);

    public static async Task<StreamClient> StartAsync(Bench bench, string subject = "CN=kube-apiserver-kubelet-client,O=kube")
    {
        var client = new StreamClient(subject);
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            client._port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var config = bench.Config with
        {
            CaFile = Path.Join(client._directory, "ca.crt"),
            ServingCertFile = Path.Join(client._directory, "tls.crt"),
            ServingKeyFile = Path.Join(client._directory, "tls.key"),
        };
        await File.WriteAllTextAsync(config.CaFile, client._pki.AuthorityPem);
        using var serving = client._pki.Issue("CN=node");
        Pki.Write(serving, config.ServingCertFile, config.ServingKeyFile);
        client._server = await KubeletServer.StartAsync(config, bench.Streams, () => bench.Manager.Pods(), NullLoggerFactory.Instance, CancellationToken.None, client._port);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _identity.Dispose();
        _pki.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    public HttpClient Http() => new(new SocketsHttpHandler
    {
        SslOptions = { ClientCertificates = [_identity], RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Issuer == "CN=test-ca" },
    })
    { BaseAddress = new Uri($"https://127.0.0.1:{_port}/") };

    public async Task<ClientWebSocket> OpenAsync(string path, string protocol = "v5.channel.k8s.io")
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        socket.Options.ClientCertificates.Add(_identity);
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Issuer == "CN=test-ca";
        await socket.ConnectAsync(new Uri($"wss://127.0.0.1:{_port}/{path}"), CancellationToken.None);
        return socket;
    }

    public static Task SendAsync(ClientWebSocket socket, byte channel, string text) =>
        socket.SendAsync((byte[])[channel, .. Encoding.UTF8.GetBytes(text)], WebSocketMessageType.Binary, true, CancellationToken.None);

    /// <summary>All that comes until the end (or until <paramref name="enough"/>), by channel.</summary>
    public static async Task<string[]> ReadAsync(ClientWebSocket socket, Func<string[], bool>? enough = null)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var texts = new[] { "", "", "", "" };
        var buffer = new byte[64 * 1024];
        while (enough?.Invoke(texts) != true)
        {
            var result = await socket.ReceiveAsync(buffer, timeout.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                break;
            }

            texts[buffer[0]] += Encoding.UTF8.GetString(buffer, 1, result.Count - 1);
        }

        return texts;
    }
}
