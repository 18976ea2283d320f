using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Agent.Events;
using Trunkline.Node.Agent.Registration;
using Trunkline.Node.Runtime;

namespace Trunkline.Node.MachineConfig;

/// <summary>
/// The node's side of the Machine Config Operator: when the controller wants another configuration, has the node drained, writes the files,
/// reboots, and reports. Each step can be the last before a crash; what is on disk says where to go on.
/// </summary>
internal sealed class MachineConfigDaemon : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2); // after a failure; also the period of the drift check

    private readonly NodeConfig _config;
    private readonly Kubernetes _client;
    private readonly NodeRegistrar _registrar;
    private readonly MachineState _state;
    private readonly NodePaths _paths;
    private readonly string _bootId;
    private readonly EventRecorder _events;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<bool> _pokes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public MachineConfigDaemon(NodeConfig config, Kubernetes client, NodeRegistrar registrar, MachineState state, NodePaths paths, string bootId,
        EventRecorder events, TimeProvider time, ILogger logger)
    {
        (_config, _client, _registrar, _state, _paths, _bootId, _events, _time, _logger) =
            (config, client, registrar, state, paths, bootId, events, time, logger);
        registrar.Changed += OnNode;
    }

    public void Dispose() => _registrar.Changed -= OnNode;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (_registrar.Node is { } node)
                {
                    await StepAsync(node, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or OperationCanceledException)
            {
                McdLog.Failed(_logger, (exception as HttpOperationException)?.Response.Content ?? exception.Message);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or JsonException)
            {
                await DegradeAsync(exception.Message, cancellationToken);
            }

            var poked = _pokes.Reader.WaitToReadAsync(cancellationToken).AsTask();
            await Task.WhenAny(poked, Task.Delay(Again, _time, cancellationToken));
            _pokes.Reader.TryRead(out _);
        }
    }

    private void OnNode(V1Node node) => _pokes.Writer.TryWrite(true);

    private async Task StepAsync(V1Node node, CancellationToken cancellationToken)
    {
        if (_state.Pending is var (pending, bootId))
        {
            await FinishAsync(pending, bootId, cancellationToken);
            return;
        }

        var desired = McoNames.Of(node, McoNames.DesiredConfig);
        if (string.IsNullOrEmpty(desired))
        {
            return; // nobody configures this node (yet)
        }

        var current = _state.Current ?? await AdoptAsync(node, desired, cancellationToken);
        if (current is null)
        {
            return;
        }

        if (_state.Files.FindDrift(current.Files) is { } drift)
        {
            // Never built upon: whoever changed the file by hand has to say what is right.
            await DegradeAsync($"unexpected on-disk state validating against {current.Name}: {drift}", cancellationToken);
        }
        else if (desired == current.Name)
        {
            await SettleAsync(node, current, cancellationToken);
        }
        else
        {
            await UpdateAsync(node, current, desired, cancellationToken);
        }
    }

    // First boot: the node takes the configuration it was given as a machine takes Ignition's, and reboots if that changed anything.
    private async Task<RenderedConfig?> AdoptAsync(V1Node node, string desired, CancellationToken cancellationToken)
    {
        var first = await FetchAsync(McoNames.Of(node, McoNames.CurrentConfig) ?? desired, cancellationToken);
        if (_state.Files.FindDrift(first.Files) is null)
        {
            _state.SetCurrent(first);
            return first;
        }

        _state.Files.Apply([], first.Files);
        _state.SetPending(first, _bootId);
        await RebootAsync(first.Name, cancellationToken);
        return null;
    }

    private async Task UpdateAsync(V1Node node, RenderedConfig current, string desired, CancellationToken cancellationToken)
    {
        RenderedConfig next;
        try
        {
            next = await FetchAsync(desired, cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            await AnnotateAsync(McoNames.Unreconcilable, $"can't reconcile config {current.Name} with {desired}: {exception.Message}", null, cancellationToken);
            return;
        }

        if (next.Unsupported is { } refusal)
        {
            await AnnotateAsync(McoNames.Unreconcilable, $"can't reconcile config {current.Name} with {desired}: {refusal}", null, cancellationToken);
            return;
        }

        if (SameFiles(current, next))
        {
            _state.SetCurrent(next);
            return; // the next step settles: nothing on the node changes, so nothing has to stop
        }

        var drain = $"drain-{desired}";
        if (McoNames.Of(node, McoNames.DesiredDrain) != drain || McoNames.Of(node, McoNames.State) != McoNames.Working)
        {
            McdLog.Updates(_logger, current.Name, desired);
            _events.ForNode("Normal", "Drain", $"Draining node to update config to {desired}.");
            await AnnotateAsync(McoNames.Working, "", drain, cancellationToken);
            return;
        }

        if (McoNames.Of(node, McoNames.LastAppliedDrain) != drain)
        {
            return; // the controller is at it; the annotation it sets wakes this loop
        }

        Write(current, next);
        TellOfUnits(next);
        _state.SetPending(next, _bootId);
        await RebootAsync(next.Name, cancellationToken);
    }

    private void TellOfUnits(RenderedConfig next)
    {
        if (next.EnabledUnits.Count > 0)
        {
            _events.ForNode("Warning", "UnitsNotRun",
                $"{string.Join(", ", next.EnabledUnits)}: written to /etc/systemd/system and enabled; a lab's node has no systemd and does not run them");
        }
    }

    private void Write(RenderedConfig current, RenderedConfig next)
    {
        try
        {
            _state.Files.Apply(current.Files, next.Files);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _state.Files.Apply(next.Files, current.Files); // half a configuration is none
            throw;
        }
    }

    private async Task FinishAsync(RenderedConfig pending, string bootId, CancellationToken cancellationToken)
    {
        if (bootId == _bootId)
        {
            await RebootAsync(pending.Name, cancellationToken); // the agent ended between writing and rebooting
            return;
        }

        if (_state.Files.FindDrift(pending.Files) is { } drift)
        {
            await DegradeAsync($"unexpected on-disk state validating against {pending.Name}: {drift}", cancellationToken);
            return;
        }

        // Told first, remembered second: an agent that ends in between tells it again.
        await AnnotateAsync(McoNames.Done, "", $"uncordon-{pending.Name}", cancellationToken, pending.Name);
        _state.SetCurrent(pending);
        _events.ForNode("Normal", "NodeDone", $"Setting node {_config.NodeName}, currentConfig {pending.Name} to Done");
        McdLog.Runs(_logger, pending.Name);
    }

    // Says once more what should stand there: after a repaired drift, a first boot, or an update that changed nothing.
    private Task SettleAsync(V1Node node, RenderedConfig current, CancellationToken cancellationToken)
    {
        var told = McoNames.Of(node, McoNames.State) == McoNames.Done && McoNames.Of(node, McoNames.CurrentConfig) == current.Name;
        var drained = McoNames.Of(node, McoNames.DesiredDrain)?.StartsWith("drain-", StringComparison.Ordinal) == true;
        return told && !drained
            ? Task.CompletedTask
            : AnnotateAsync(McoNames.Done, "", drained ? $"uncordon-{current.Name}" : null, cancellationToken, current.Name);
    }

    private async Task RebootAsync(string name, CancellationToken cancellationToken)
    {
        McdLog.Reboots(_logger, name);
        _events.ForNode("Normal", "Reboot", $"Node will reboot into config {name}");
        await _registrar.ShutDownAsync(cancellationToken);
        await InitSocket.RebootAsync(_paths.InitSocket, cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken); // init ends this process
    }

    private async Task<RenderedConfig> FetchAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _client.CustomObjects.GetClusterCustomObjectAsync(McoNames.Group, McoNames.Version, McoNames.Plural, name, cancellationToken);
            return RenderedConfig.Parse(KubernetesJson.Serialize(found));
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new IOException($"machineconfigs.machineconfiguration.openshift.io \"{name}\" not found");
        }
    }

    private async Task DegradeAsync(string reason, CancellationToken cancellationToken)
    {
        if (_registrar.Node is { } node && McoNames.Of(node, McoNames.State) == McoNames.Degraded && McoNames.Of(node, McoNames.Reason) == reason)
        {
            return;
        }

        McdLog.Failed(_logger, reason);
        try
        {
            await AnnotateAsync(McoNames.Degraded, reason, null, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpOperationException or HttpRequestException)
        {
            McdLog.Failed(_logger, exception.Message); // the next round finds the same and tells it
        }
    }

    private async Task AnnotateAsync(string state, string reason, string? drain, CancellationToken cancellationToken, string? current = null)
    {
        var annotations = new JsonObject { [McoNames.State] = state, [McoNames.Reason] = reason };
        if (drain is not null)
        {
            annotations[McoNames.DesiredDrain] = drain;
        }

        if (current is not null)
        {
            annotations[McoNames.CurrentConfig] = current;
        }

        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } };
        var node = await _client.CoreV1.PatchNodeAsync(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), _config.NodeName, cancellationToken: cancellationToken);
        _registrar.Change(Agent.Watching.WatchChange.Stored, node);
    }

    private static bool SameFiles(RenderedConfig one, RenderedConfig other) =>
        one.Files.Count == other.Files.Count && one.Files.Zip(other.Files).All(pair => pair.First.SameAs(pair.Second));
}
