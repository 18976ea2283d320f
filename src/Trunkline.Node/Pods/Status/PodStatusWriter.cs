using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Trunkline.Node.Pods.Status;

/// <summary>Tells the API server one Pod's status, the newest alone, until it is told. Beside the Pod's own work: starting containers does not wait for it.</summary>
internal sealed class PodStatusWriter(IKubernetes client, string podNamespace, string name, string uid, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private string? _written;
    private JsonObject? _wanted;
    private Task _sending = Task.CompletedTask;

    /// <summary>Completes when the last status set so far is written, or the Pod is gone.</summary>
    public Task FlushAsync()
    {
        lock (_lock)
        {
            return _sending;
        }
    }

    public void Set(V1PodStatus status, V1PodStatus? known, CancellationToken cancellationToken)
    {
        var wanted = ToPatch(status, known);
        lock (_lock)
        {
            var text = wanted.ToJsonString();
            if (text == _written && (!_sending.IsCompleted || AgreesWith(status, known)))
            {
                return;
            }

            _written = text;
            _wanted = wanted;
            if (_sending.IsCompleted)
            {
                _sending = SendAsync(cancellationToken);
            }
        }
    }

    // Others write, too: the node controller sets Ready to False while a node is silent, and somebody has to set it back.
    private static bool AgreesWith(V1PodStatus status, V1PodStatus? known) =>
        known is null || (status.Conditions ?? []).All(wanted => known.Conditions?.FirstOrDefault(condition => condition.Type == wanted.Type)?.Status == wanted.Status);

    private JsonObject ToPatch(V1PodStatus status, V1PodStatus? known)
    {
        var json = JsonNode.Parse(KubernetesJson.Serialize(status))!.AsObject();
        foreach (var member in (string[])["reason", "message", "podIP"])
        {
            if (!json.ContainsKey(member))
            {
                json[member] = null;
            }
        }

        // A strategic merge joins podIPs by address; an address the Pod no longer has (another boot) must go.
        if (json["podIPs"] is JsonArray addresses && known?.PodIPs?.Any(old => status.PodIPs.All(now => now.Ip != old.Ip)) == true)
        {
            addresses.Insert(0, new JsonObject { ["$patch"] = "replace" });
        }

        return new JsonObject { ["metadata"] = new JsonObject { ["uid"] = uid }, ["status"] = json };
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        while (Take() is { } patch)
        {
            try
            {
                await client.CoreV1.PatchNamespacedPodStatusAsync(
                    new V1Patch(patch.ToJsonString(), V1Patch.PatchType.StrategicMergePatch), name, podNamespace, cancellationToken: cancellationToken);
            }
            catch (HttpOperationException exception) when (exception.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                return; // gone, or another Pod of that name: nobody is left to be told
            }
            catch (Exception exception) when (exception is HttpOperationException or HttpRequestException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                PodLog.StatusNotWritten(logger, $"{podNamespace}/{name}", (exception as HttpOperationException)?.Response.Content ?? exception.Message);
                PutBack(patch);
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }

    private JsonObject? Take()
    {
        lock (_lock)
        {
            var wanted = _wanted;
            _wanted = null;
            if (wanted is null)
            {
                _sending = Task.CompletedTask;
            }

            return wanted;
        }
    }

    private void PutBack(JsonObject patch)
    {
        lock (_lock)
        {
            _wanted ??= patch;
        }
    }
}
