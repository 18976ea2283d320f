using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Trunkline.Node.Agent.Events;

/// <summary>
/// Writes Events as a kubelet does: what repeats is counted in one object. In the background and bounded: an Event is news, and no Pod waits for it.
/// </summary>
internal sealed class EventRecorder(IKubernetes client, string nodeName, TimeProvider time, ILogger logger)
{
    private const int QueueLength = 1024;
    private const int RememberedEvents = 512;

    private readonly Channel<Occurrence> _queue =
        Channel.CreateBounded<Occurrence>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Dictionary<string, Corev1Event> _written = new(StringComparer.Ordinal);
    private long _sequence;

    public void ForPod(V1Pod pod, string type, string reason, string message, string? container = null, bool init = false) =>
        Record(
            new V1ObjectReference
            {
                ApiVersion = "v1",
                Kind = "Pod",
                NamespaceProperty = pod.Metadata.NamespaceProperty,
                Name = pod.Metadata.Name,
                Uid = pod.Metadata.Uid,
                ResourceVersion = pod.Metadata.ResourceVersion,
                FieldPath = container is null ? null : $"spec.{(init ? "initContainers" : "containers")}{{{container}}}",
            }, type, reason, message);

    public void ForService(string serviceNamespace, string name, string uid, string type, string reason, string message, int times = 1) =>
        Record(new V1ObjectReference { ApiVersion = "v1", Kind = "Service", NamespaceProperty = serviceNamespace, Name = name, Uid = uid }, type, reason, message, times);

    public void ForNode(string type, string reason, string message) =>
        Record(new V1ObjectReference { Kind = "Node", Name = nodeName, Uid = nodeName }, type, reason, message);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var occurrence in _queue.Reader.ReadAllAsync(cancellationToken))
            {
                await WriteAsync(occurrence, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            EventLog.Stopped(logger);
        }
    }

    private void Record(V1ObjectReference about, string type, string reason, string message, int times = 1) =>
        _queue.Writer.TryWrite(new Occurrence(about, type, reason, message, time.GetUtcNow().UtcDateTime, times));

    private async Task WriteAsync(Occurrence occurrence, CancellationToken cancellationToken)
    {
        var key = $"{occurrence.About.Uid}|{occurrence.About.FieldPath}|{occurrence.Type}|{occurrence.Reason}|{occurrence.Message}";
        try
        {
            if (_written.TryGetValue(key, out var known))
            {
                known.Count += occurrence.Times;
                known.LastTimestamp = occurrence.At;
                var patch = new V1Patch($"{{\"count\":{known.Count},\"lastTimestamp\":\"{occurrence.At:yyyy-MM-ddTHH:mm:ssZ}\"}}", V1Patch.PatchType.MergePatch);
                await client.CoreV1.PatchNamespacedEventAsync(patch, known.Metadata.Name, known.Metadata.NamespaceProperty, cancellationToken: cancellationToken);
                return;
            }

            var fresh = Make(occurrence);
            await client.CoreV1.CreateNamespacedEventAsync(fresh, fresh.Metadata.NamespaceProperty, cancellationToken: cancellationToken);
            if (_written.Count >= RememberedEvents)
            {
                _written.Clear();
            }

            _written[key] = fresh;
        }
        catch (Exception exception) when (exception is HttpOperationException or HttpRequestException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Its namespace may be going away, or the server; an Event is not worth a retry.
            _written.Remove(key);
            EventLog.NotWritten(logger, occurrence.Reason, occurrence.About.Name, exception.Message);
        }
    }

    private Corev1Event Make(Occurrence occurrence) => new()
    {
        ApiVersion = "v1",
        Kind = "Event",
        Metadata = new V1ObjectMeta
        {
            Name = $"{occurrence.About.Name}.{occurrence.At.Ticks + Interlocked.Increment(ref _sequence):x16}",
            NamespaceProperty = occurrence.About.NamespaceProperty ?? "default",
        },
        InvolvedObject = occurrence.About,
        Type = occurrence.Type,
        Reason = occurrence.Reason,
        Message = occurrence.Message,
        Count = occurrence.Times,
        FirstTimestamp = occurrence.At,
        LastTimestamp = occurrence.At,
        Source = new V1EventSource { Component = "kubelet", Host = nodeName },
        ReportingComponent = "kubelet",
        ReportingInstance = nodeName,
    };
}
