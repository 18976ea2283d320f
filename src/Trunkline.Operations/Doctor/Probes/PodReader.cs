using System.Net;
using System.Net.WebSockets;
using k8s.Autorest;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.Facts;

namespace Trunkline.Operations.Doctor.Probes;

/// <summary>Runs the probe's script in a Pod.</summary>
internal sealed class PodReader(ClusterApi api, bool active, TimeProvider time)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    /// <summary>What it printed; null where it could not be run, then with the reason if a right is missing.</summary>
    public async Task<(ProbeOutput? Output, string? Forbidden)> ReadAsync(string ns, string pod, string? container, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await using var exec = await PodExec.StartAsync(api, ns, pod, ProbeScript.Command(active), both.Token, container);
            var ended = await exec.WaitAsync(both.Token);
            var output = new ProbeOutput(ended.Output);
            return (output.IsWhole ? output : null, null);
        }
        catch (HttpOperationException error) when (error.Response?.StatusCode is HttpStatusCode.Forbidden || error.Message.Contains("403", StringComparison.Ordinal))
        {
            return (null, "403 Forbidden");
        }
        catch (WebSocketException error) when (error.Message.Contains("403", StringComparison.Ordinal))
        {
            return (null, "403 Forbidden");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, null); // it does not answer
        }
        catch (Exception error) when (error is ClusterException or HttpOperationException or WebSocketException or HttpRequestException or IOException or System.Text.Json.JsonException)
        {
            return (null, null); // no shell in the container, or it has just ended
        }
    }
}
