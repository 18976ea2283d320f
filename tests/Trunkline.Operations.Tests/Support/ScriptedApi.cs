using System.Net;
using System.Net.Sockets;
using System.Text;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Tests.Support;

/// <summary>An API server on loopback that answers as a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedApi : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _kubeconfig = Path.GetTempFileName();
    private readonly List<string> _asked = [];

    /// <param name="answer">Gives status and body for "GET /path?query".</param>
    public ScriptedApi(Func<string, (int Status, string Body)> answer)
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        Address = $"http://127.0.0.1:{port}";
        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
        File.WriteAllText(_kubeconfig, $$$"""
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "{{{Address}}}"}}]
            users: [{name: c, user: {token: t}}]
            contexts: [{name: c, context: {cluster: c, user: c, namespace: mine}}]
            """);
        _ = Task.Run(() => ServeAsync(answer));
    }

    public string Address { get; }

    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_asked)
            {
                return [.. _asked];
            }
        }
    }

    public ClusterApi Open() => new(_kubeconfig);

    public void Dispose()
    {
        _listener.Close();
        File.Delete(_kubeconfig);
    }

    private async Task ServeAsync(Func<string, (int Status, string Body)> answer)
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return; // closed
            }

            var asked = $"{context.Request.HttpMethod} {context.Request.RawUrl}";
            lock (_asked)
            {
                _asked.Add(asked);
            }

            var (status, body) = answer(asked);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
        }
    }
}
