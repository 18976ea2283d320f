using Trunkline.Lab.Pki;
using Trunkline.Lab.Processes;

namespace Trunkline.Lab;

/// <summary>Waits until a lab is what it is meant to be, and says why when it will not.</summary>
internal sealed class LabReadiness(LabPaths paths, LabDescription lab, Daemons daemons, TimeProvider time)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(25);

    // A process that fails at its start does so within a moment; until then its pid file may not even be written.
    private static readonly TimeSpan s_firstLook = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the API server answers, every node is Ready in its present boot, and every MachineConfigPool is Updated.</summary>
    public async Task WaitAsync(LabPki pki, TimeSpan timeout, ILabProgress progress, CancellationToken cancel)
    {
        using var probe = new ApiProbe(lab.Port, pki);
        var started = time.GetTimestamp();
        var answered = false;
        var seen = new HashSet<string>();
        while (true)
        {
            if (!answered && await probe.IsReadyAsync(cancel))
            {
                answered = true;
                progress.Did($"API server answers at https://127.0.0.1:{lab.Port}");
            }

            var ready = answered ? await ReadyAsync(probe, cancel) : [];
            foreach (var node in ready.Where(seen.Add))
            {
                progress.Did($"{node} is Ready");
            }

            // Pools too: a MachineConfig made the moment after must find a cluster at rest, or "Updated" would be that of the installation.
            if (answered && ready.Count == lab.Nodes.Count && await probe.NodesOfUpdatedPoolsAsync(cancel) == lab.Nodes.Count)
            {
                return;
            }

            var limitPassed = time.GetElapsedTime(started) > timeout;
            if (time.GetElapsedTime(started) > s_firstLook)
            {
                RequireAlive();
            }

            if (limitPassed)
            {
                throw new LabException(Waiting(answered, ready, timeout));
            }

            await Task.Delay(s_poll, time, cancel);
        }
    }

    // A node counts only if the boot that the API knows is the one that runs: an old status would say Ready for a dead node.
    private async Task<IReadOnlyList<string>> ReadyAsync(ApiProbe probe, CancellationToken cancel)
    {
        var reported = await probe.ReadyNodesAsync(cancel);
        var handle = new LabHandle(paths, lab);
        return [.. lab.Nodes.Select(node => node.Name).Where(name => reported.TryGetValue(name, out var boot)
            && handle.InitPid(name) is { } init && LabManager.ReadInNode(init, "/run/trunkline/boot_id") == boot)];
    }

    private void RequireAlive()
    {
        foreach (var (name, group) in lab.Nodes.Select(node => (node.Name, node.Name)).Prepend((LabManager.ControlPlane, LabManager.ControlPlane)))
        {
            if (daemons.Find(name, group) is null)
            {
                throw new LabException($"{name} ended while the lab came up; its last words: {daemons.LastWords(name)} (whole log: {paths.Log(name)}).");
            }
        }
    }

    private string Waiting(bool answered, IReadOnlyList<string> ready, TimeSpan timeout)
    {
        var controlPlane = paths.Log(LabManager.ControlPlane);
        if (!answered)
        {
            return $"the API server did not answer within {timeout.TotalSeconds:0} s; see {controlPlane}.";
        }

        var missing = lab.Nodes.Select(node => node.Name).Except(ready).ToArray();
        return missing.Length == 0
            ? $"the MachineConfigPools did not become Updated within {timeout.TotalSeconds:0} s; see {controlPlane}."
            : $"{string.Join(", ", missing)} did not become Ready within {timeout.TotalSeconds:0} s; see {paths.Log($"{missing[0]}-agent")} and {paths.Log(missing[0])}.";
    }
}
