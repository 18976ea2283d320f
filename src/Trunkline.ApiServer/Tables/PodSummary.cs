using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Tables;

/// <summary>What one line says about a Pod: what holds it up, how many of its containers are ready, how often they were restarted (printers, printPod).</summary>
internal sealed class PodSummary
{
    private readonly JsonObject? _spec;
    private readonly JsonObject? _status;
    private readonly HashSet<string> _sidecars;
    private bool _initializing;
    private int _sidecarRestarts;
    private DateTimeOffset? _lastSidecarRestart;

    private PodSummary(JsonObject pod)
    {
        (_spec, _status) = (pod.Obj("spec"), pod.Obj("status"));
        _sidecars = [.. _spec.Objects("initContainers").Where(c => c.Text("restartPolicy") == "Always").Select(c => c.Text("name"))];
        Total = _spec.List("containers").Count + _sidecars.Count;
        Reason = _status.Str("reason") is { Length: > 0 } reason ? reason : _status.Text("phase");
        if (_status.Objects("conditions").Any(c => c.Text("type") == "PodScheduled" && c.Text("reason") == "SchedulingGated"))
        {
            Reason = "SchedulingGated";
        }
    }

    public string Reason { get; private set; }

    public int Ready { get; private set; }

    public int Total { get; }

    public int Restarts { get; private set; }

    public DateTimeOffset? LastRestart { get; private set; }

    public static PodSummary Of(JsonObject pod)
    {
        var summary = new PodSummary(pod);
        summary.ReadInitContainers();
        if (!summary._initializing || summary.Has("Initialized"))
        {
            summary.ReadContainers();
        }

        if (pod.Obj("metadata").Has("deletionTimestamp"))
        {
            summary.ReadDeletion();
        }

        return summary;
    }

    private bool Has(string condition) => _status.Objects("conditions").Any(c => c.Text("type") == condition && c.Text("status") == "True");

    private void ReadInitContainers()
    {
        var index = -1;
        foreach (var status in _status.Objects("initContainerStatuses"))
        {
            index++;
            var sidecar = _sidecars.Contains(status.Text("name"));
            Count(status);
            if (sidecar)
            {
                _sidecarRestarts += (int)(status.Int("restartCount") ?? 0);
                _lastSidecarRestart = Later(_lastSidecarRestart, status);
            }

            if (status.Obj("state").Obj("terminated") is { } done && (done.Int("exitCode") ?? 0) == 0)
            {
                continue;
            }

            if (sidecar && status.IsTrue("started"))
            {
                Ready += status.IsTrue("ready") ? 1 : 0;
                continue;
            }

            _initializing = true;
            Reason = InitReason(status, index);
            return;
        }
    }

    private string InitReason(JsonObject status, int index)
    {
        if (status.Obj("state").Obj("terminated") is { } terminated)
        {
            return "Init:" + Ended(terminated);
        }

        var waiting = status.Obj("state").Obj("waiting").Text("reason");
        return waiting is "" or "PodInitializing" ? $"Init:{index}/{_spec.List("initContainers").Count}" : "Init:" + waiting;
    }

    private void ReadContainers()
    {
        (Restarts, LastRestart) = (_sidecarRestarts, _lastSidecarRestart);
        var running = false;
        foreach (var status in _status.Objects("containerStatuses").Reverse())
        {
            Count(status);
            var state = status.Obj("state");
            if (state.Obj("waiting").Text("reason") is { Length: > 0 } waiting)
            {
                Reason = waiting;
            }
            else if (state.Obj("terminated") is { } terminated)
            {
                Reason = Ended(terminated);
            }
            else if (status.IsTrue("ready") && state.Has("running"))
            {
                running = true;
                Ready++;
            }
        }

        // One container done and another running is not a Pod that is done.
        if (Reason == "Completed" && running)
        {
            Reason = Has("Ready") ? "Running" : "NotReady";
        }
    }

    private void ReadDeletion()
    {
        if (_status.Text("reason") == "NodeLost")
        {
            Reason = "Unknown";
        }
        else if (_status.Text("phase") is not ("Succeeded" or "Failed"))
        {
            Reason = "Terminating";
        }
    }

    private void Count(JsonObject status)
    {
        Restarts += (int)(status.Int("restartCount") ?? 0);
        LastRestart = Later(LastRestart, status);
    }

    private static DateTimeOffset? Later(DateTimeOffset? last, JsonObject status)
    {
        var ended = GoTime.TryParse(status.Obj("lastState").Obj("terminated").Str("finishedAt"));
        return ended > (last ?? DateTimeOffset.MinValue) ? ended : last;
    }

    private static string Ended(JsonObject terminated)
    {
        if (terminated.Text("reason") is { Length: > 0 } reason)
        {
            return reason;
        }

        return terminated.Int("signal") is { } signal and not 0 ? $"Signal:{signal}" : $"ExitCode:{terminated.Int("exitCode") ?? 0}";
    }
}
