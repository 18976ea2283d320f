using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Security;
using Trunkline.ApiServer.Streaming;

namespace Trunkline.ApiServer.Tests.Support;

/// <summary>A server over TLS on a free port of 127.0.0.1, with a store of its own, and clients of it.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<HttpClient> _clients = [];
    private readonly CancellationTokenSource _ended = new();
    private Task _accounts = Task.CompletedTask;

    private TestCluster(ApiServerHost host, TestPki pki, string directory)
    {
        Host = host;
        Pki = pki;
        Directory = directory;
        Admin = Client(pki.Client("O=system:masters, CN=system:admin"));
    }

    public ApiServerHost Host { get; private set; }

    public TestPki Pki { get; }

    public string Directory { get; }

    public HttpClient Admin { get; }

    public Uri Url => new(Host.Addresses.First(a => a.Contains("127.0.0.1", StringComparison.Ordinal)));

    public static async Task<TestCluster> StartAsync(TimeProvider? clock = null, NodeDialer? dialer = null, ulong? handle = null, bool accounts = true, bool dualStack = false)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("trunkline-api-").FullName;
        var pki = new TestPki();
        var cluster = new TestCluster(await ApiServerHost.StartAsync(Options(directory, pki, clock, dialer) with
        {
            ListenHandles = handle is { } h ? [h] : [],
            SecondaryServiceNetwork = dualStack ? IPNetwork.Parse("fd02::/112") : null,
        }), pki, directory);
        cluster._accounts = accounts ? Task.Run(() => cluster.MakeAccountsAsync(cluster._ended.Token)) : Task.CompletedTask;
        return cluster;
    }

    /// <summary>Ends the server and starts it again on the same store.</summary>
    public async Task RestartAsync()
    {
        var port = Url.Port;
        await Host.DisposeAsync();
        Host = await ApiServerHost.StartAsync(Options(Directory, Pki, null, null) with { ListenEndPoints = [new IPEndPoint(IPAddress.Loopback, port)] });
    }

    public HttpClient Client(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.ClientCertificates = certificate is null ? null : [certificate];
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(Pki.Authorities);
        var client = new HttpClient(handler) { BaseAddress = Url };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("curl/8.0");
        _clients.Add(client);
        return client;
    }

    public async Task<(int Code, JsonObject Body)> SendAsync(string method, string path, string? body = null, string type = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue(type);
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var response = await Admin.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, JsonNode.Parse(text)!.AsObject());
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _accounts;
        _ended.Dispose();
        _clients.ForEach(c => c.Dispose());
        await Host.DisposeAsync();
        System.IO.Directory.Delete(Directory, true);
    }

    // Plays the controller that gives each namespace its account "default", without which no Pod is let in; also after the server was started again.
    private async Task MakeAccountsAsync(CancellationToken token)
    {
        var client = Client(Pki.Client("O=system:masters, CN=system:admin"));
        while (!token.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync("/api/v1/namespaces?watch=1", HttpCompletionOption.ResponseHeadersRead, token);
                using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(token));
                while (await lines.ReadLineAsync(token) is { } line)
                {
                    var seen = JsonNode.Parse(line)!;
                    if ((string?)seen["type"] == "ADDED")
                    {
                        using var account = new StringContent("""{"metadata":{"name":"default"}}""", Encoding.UTF8, "application/json");
                        using var made = await client.PostAsync($"/api/v1/namespaces/{(string?)seen["object"]!["metadata"]!["name"]}/serviceaccounts", account, token);
                    }
                }
            }
            catch (Exception gone) when (gone is OperationCanceledException or HttpRequestException or IOException)
            {
                // The server went, or the test is over.
                await Task.Yield();
            }
        }
    }

    private static ApiServerOptions Options(string directory, TestPki pki, TimeProvider? clock, NodeDialer? dialer) => new()
    {
        DatabasePath = Path.Combine(directory, "apiserver.db"),
        ServerCertificate = pki.Server(),
        ClientAuthorities = pki.Authorities,
        ListenEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
        AdvertisedEndPoint = new IPEndPoint(IPAddress.Parse("192.168.126.10"), 6443),
        NodeDialer = dialer,
        NodeClientCertificate = pki.Client("O=system:masters, CN=kube-apiserver-kubelet-client"),
        Tokens = new Dictionary<string, UserInfo> { ["plain-token"] = new("plain-user", []) },
        Clock = clock ?? TimeProvider.System,
    };
}
