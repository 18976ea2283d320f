using System.Globalization;
using System.Net;
using System.Net.Sockets;
using k8s.Models;
using Trunkline.Node.Runtime;
using Trunkline.Node.Runtime.Processes;

namespace Trunkline.Node.Pods.Probes;

/// <summary>Does what probes and lifecycle hooks ask: a command in the container, a TCP connection, an HTTP request. From the node, as a kubelet.</summary>
internal sealed class HandlerRunner : IDisposable
{
    private const int KeptBody = 10 * 1024;

    private readonly ContainerMonitor _monitor;
    private readonly HttpClient _http;

    public HandlerRunner(ContainerMonitor monitor)
    {
        _monitor = monitor;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.Zero,
#pragma warning disable CA5359 // A kubelet does not verify certificates of probes: a Pod's own is rarely signed for its IP.
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Null when it went well, else what went wrong.</summary>
    public async Task<string?> ExecAsync(V1Pod pod, V1Container container, string containerId, IReadOnlyList<string> command,
        CancellationToken cancellationToken)
    {
        using var process = ExecProcess.Prepare(_monitor, pod, container, containerId, command, terminal: false);
        var result = await Command.RunAsync(process.Command, cancellationToken);
        return result.ExitCode == 0 ? null : result.Complaint;
    }

    public static async Task<string?> TcpAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(host), port, cancellationToken);
            return null;
        }
        catch (SocketException exception)
        {
            return $"dial tcp {host}:{port.ToString(CultureInfo.InvariantCulture)}: {exception.Message}";
        }
    }

    public async Task<string?> HttpAsync(V1HTTPGetAction action, V1Container container, string podIp, CancellationToken cancellationToken)
    {
        var host = string.IsNullOrEmpty(action.Host) ? podIp : action.Host;
        var scheme = action.Scheme == "HTTPS" ? "https" : "http";
        var uri = new Uri($"{scheme}://{host}:{Port(action.Port, container)}/{(action.Path ?? "").TrimStart('/')}");
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.32");
        foreach (var header in action.HttpHeaders ?? [])
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var code = (int)response.StatusCode;
            return code is >= 200 and < 400 ? null : $"HTTP probe failed with statuscode: {code.ToString(CultureInfo.InvariantCulture)}";
        }
        catch (HttpRequestException exception)
        {
            return $"Get \"{uri}\": {exception.Message[..Math.Min(exception.Message.Length, KeptBody)]}";
        }
    }

    /// <summary>A port as a number, or by the name the container gives it.</summary>
    public static int Port(IntOrString port, V1Container container)
    {
        var text = (string)port;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : container.Ports?.FirstOrDefault(candidate => candidate.Name == text)?.ContainerPort ?? 0;
    }
}
