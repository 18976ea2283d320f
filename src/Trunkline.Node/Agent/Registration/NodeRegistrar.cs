using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Agent.Events;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Runtime;

namespace Trunkline.Node.Agent.Registration;

/// <summary>Keeps the Node object true: registers it, posts its status, renews its Lease, and remembers what the API server says of it.</summary>
internal sealed class NodeRegistrar(
    NodeConfig config, NodeFacts facts, NodePaths paths, IKubernetes client, EventRecorder events, TimeProvider time, ILogger logger)
    : IWatchSink<V1Node>, IDisposable
{
    private const string LeaseNamespace = "kube-node-lease";
    private const int LeaseSeconds = 40; // a kubelet's; how soon a silent node is missed is the node controller's to decide
    private static readonly TimeSpan RenewEach = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PostEach = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _posting = new(1, 1);
    private readonly TaskCompletionSource<IReadOnlyList<string>> _podCidrs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private V1Node? _node;
    private string? _notReady;
    private V1Lease? _lease;

    /// <summary>Raised whenever the Node object changes.</summary>
    public event Action<V1Node>? Changed;

    public V1Node? Node
    {
        get
        {
            lock (_lock)
            {
                return _node;
            }
        }
    }

    /// <summary>Completes when a controller has given the node its ranges of Pod addresses, one a family.</summary>
    public Task<IReadOnlyList<string>> PodCidrs => _podCidrs.Task;

    public void Dispose() => _posting.Dispose();

    /// <summary>Returns when the Node object exists and says what this node is.</summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        var rebooted = false;
        while (true)
        {
            try
            {
                rebooted = await CreateOrLabelAsync(cancellationToken);
                break;
            }
            catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or JsonException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                AgentLog.NotRegistered(logger, config.NodeName, Describe(exception));
                await Task.Delay(Retry, time, cancellationToken);
            }
        }

        events.ForNode("Normal", "Starting", "Starting kubelet.");
        if (rebooted)
        {
            events.ForNode("Warning", "Rebooted", $"Node {config.NodeName} has been rebooted, boot id: {facts.BootId}");
        }

        await PostAsync(cancellationToken);
        AgentLog.Registered(logger, config.NodeName, facts.BootId);
    }

    /// <summary>Renews the Lease and posts the status, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var posted = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            await TryAsync(() => RenewAsync(cancellationToken));
            if (Disagrees() || time.GetElapsedTime(posted) >= PostEach)
            {
                await TryAsync(() => PostAsync(cancellationToken));
                posted = time.GetTimestamp();
            }

            await Task.Delay(RenewEach, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Tells the cluster that the node is about to go down, so that nothing is sent to it any more.</summary>
    public async Task ShutDownAsync(CancellationToken cancellationToken)
    {
        _notReady = "node is shutting down";
        events.ForNode("Normal", "NodeNotReady", $"Node {config.NodeName} status is now: NodeNotReady");
        await PostAsync(cancellationToken);
    }

    public void Replace(IReadOnlyList<V1Node> items)
    {
        foreach (var item in items)
        {
            Change(WatchChange.Stored, item);
        }
    }

    public void Change(WatchChange change, V1Node item)
    {
        if (change == WatchChange.Deleted)
        {
            return; // the next post finds it missing and registers again
        }

        lock (_lock)
        {
            _node = item;
        }

        if (item.Spec?.PodCIDR is { Length: > 0 } cidr)
        {
            _podCidrs.TrySetResult(item.Spec.PodCIDRs is { Count: > 0 } all ? [.. all] : [cidr]);
        }

        Changed?.Invoke(item);
    }

    // True when the node was known with another boot id.
    private async Task<bool> CreateOrLabelAsync(CancellationToken cancellationToken)
    {
        V1Node known;
        try
        {
            known = await client.CoreV1.ReadNodeAsync(config.NodeName, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
        {
            Change(WatchChange.Stored, await client.CoreV1.CreateNodeAsync(NodeObject.New(config, facts), cancellationToken: cancellationToken));
            return false;
        }

        var labels = new JsonObject([.. NodeObject.Labels(config, facts).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))]);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } };
        Change(WatchChange.Stored, await client.CoreV1.PatchNodeAsync(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), config.NodeName, cancellationToken: cancellationToken));
        return known.Status?.NodeInfo?.BootID is { Length: > 0 } before && before != facts.BootId;
    }

    private async Task PostAsync(CancellationToken cancellationToken)
    {
        await _posting.WaitAsync(cancellationToken);
        try
        {
            var status = NodeObject.Status(config, facts, Node, _notReady, time.GetUtcNow().UtcDateTime);
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [NodeObject.SctpAnnotation] = SctpState() } },
                ["status"] = JsonNode.Parse(KubernetesJson.Serialize(status)),
            };
            // A strategic merge joins addresses by type, of which two families have one (a kubelet replaces them for the same reason).
            patch["status"]!["addresses"]!.AsArray().Insert(0, new JsonObject { ["$patch"] = "replace" });
            Change(WatchChange.Stored, await client.CoreV1.PatchNodeStatusAsync(
                new V1Patch(patch.ToJsonString(), V1Patch.PatchType.StrategicMergePatch), config.NodeName, cancellationToken: cancellationToken));
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
        {
            await CreateOrLabelAsync(cancellationToken);
        }
        finally
        {
            _posting.Release();
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            _lease ??= await ReadOrCreateLeaseAsync(cancellationToken);
            _lease.Spec.HolderIdentity = config.NodeName;
            _lease.Spec.LeaseDurationSeconds = LeaseSeconds;
            _lease.Spec.RenewTime = time.GetUtcNow().UtcDateTime;
            _lease = await client.CoordinationV1.ReplaceNamespacedLeaseAsync(_lease, config.NodeName, LeaseNamespace, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException)
        {
            _lease = null; // changed or deleted by somebody else: read it again
            throw;
        }
    }

    private async Task<V1Lease> ReadOrCreateLeaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.CoordinationV1.ReadNamespacedLeaseAsync(config.NodeName, LeaseNamespace, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
        {
            var lease = new V1Lease
            {
                ApiVersion = "coordination.k8s.io/v1",
                Kind = "Lease",
                Metadata = new V1ObjectMeta
                {
                    Name = config.NodeName,
                    NamespaceProperty = LeaseNamespace,
                    OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "Node", Name = config.NodeName, Uid = Node?.Metadata.Uid ?? "" }],
                },
                Spec = new V1LeaseSpec { HolderIdentity = config.NodeName, LeaseDurationSeconds = LeaseSeconds },
            };
            return await client.CoordinationV1.CreateNamespacedLeaseAsync(lease, LeaseNamespace, cancellationToken: cancellationToken);
        }
    }

    // The node controller sets Ready to Unknown while a node is silent; and the module may have been loaded since.
    private bool Disagrees() => Node is { } node && (!NodeObject.SaysReady(node, _notReady is null)
        || node.Metadata.Annotations is not { } annotations || !annotations.TryGetValue(NodeObject.SctpAnnotation, out var told) || told != SctpState());

    private string SctpState() => File.Exists(paths.SctpModule) ? File.ReadAllText(paths.SctpModule).Trim() : "off";

    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (OperationCanceledException exception)
        {
            AgentLog.HeartbeatFailed(logger, exception.Message);
        }
        catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or JsonException)
        {
            AgentLog.HeartbeatFailed(logger, Describe(exception));
        }
    }

    private static string Describe(Exception exception) =>
        exception is HttpOperationException http ? $"{(int)http.Response.StatusCode} {http.Response.Content}" : exception.Message;
}
