using Trunkline.Lab.Checks;
using Trunkline.Lab.Linux;
using Trunkline.Lab.Network;
using Trunkline.Lab.Nodes;
using Trunkline.Lab.Pki;
using Trunkline.Lab.Processes;

namespace Trunkline.Lab;

/// <summary>
/// Brings labs up and down. `up` is one idempotent repair: it looks what of a lab is there and adds what is not, so that a first run, a run
/// over a healthy lab, and a run after any process was killed or the machine rebooted are the same code.
/// </summary>
public sealed class LabManager(BuildDirectory build, TimeProvider time)
{
    internal const string ControlPlane = "control-plane";

    /// <summary>Brings a lab up, or repairs it; returns when all its nodes are Ready.</summary>
    public async Task<LabHandle> UpAsync(LabOptions options, ILabProgress progress, CancellationToken cancel = default)
    {
        LabName.Check(options.Name);
        MachineCheck.Require(build);
        var paths = new LabPaths(options.Name);
        using var held = await LabLock.TakeAsync(paths.Lock, $"changing lab {paths.Name}", time, cancel);
        var existing = LabDescription.Read(paths);
        if (existing is null)
        {
            await RemoveRemainsAsync(paths, progress, cancel);
        }

        var lab = await PlanAsync(options, paths, existing, cancel);
        var cgroups = new Cgroups(paths.Cgroup);
        var daemons = new Daemons(paths, cgroups);
        var rack = new Rack(paths, lab);
        if (existing is not null && !rack.Stands)
        {
            await StopWithoutNetworkAsync(paths, progress, cancel);
        }

        var pki = LabPki.Ensure(paths.Pki, lab.Nodes, time);
        WriteKubeconfigs(paths, lab, pki);
        var buildRack = rack.Stands ? Task.CompletedTask : Task.Run(rack.Build, cancel);
        var dead = lab.Nodes.Where(node => daemons.Find(node.Name, node.Name) is null).ToArray();
        foreach (var node in dead)
        {
            new NodeFiles(paths, lab, pki, build).Write(node);
        }

        if (!buildRack.IsCompleted)
        {
            await buildRack;
            progress.Did($"network: rack with {lab.Nodes.Count} nodes and a host outside");
        }

        StartMissing(paths, lab, daemons, dead, existing is not null, progress);
        await new LabReadiness(paths, lab, daemons, time).WaitAsync(pki, options.Timeout, progress, cancel);
        return new LabHandle(paths, lab);
    }

    /// <summary>Takes a lab down and leaves nothing of it. False: there was none.</summary>
    public async Task<bool> DownAsync(string name, ILabProgress progress, CancellationToken cancel = default)
    {
        LabName.Check(name);
        if (Libc.EffectiveUser() != 0)
        {
            throw new LabException("taking a lab down needs root; run it again with sudo.", LabFailure.Machine);
        }

        var paths = new LabPaths(name);
        var teardown = new Teardown(paths, time);
        if (teardown.NothingThere)
        {
            return false;
        }

        using (await LabLock.TakeAsync(paths.Lock, $"changing lab {paths.Name}", time, cancel))
        {
            await teardown.RemoveAsync(cancel);
        }

        _ = LibcDirectory.Rmdir(paths.RunRoot);
        _ = LibcDirectory.Rmdir(Path.GetDirectoryName(paths.RunRoot)!);
        progress.Did($"lab {name} is down; no process, namespace, mount, control group or file of it is left");
        return true;
    }

    /// <summary>Looks at a lab without touching it; null when there is none.</summary>
    public async Task<LabStatus?> StatusAsync(string name, CancellationToken cancel = default)
    {
        var paths = new LabPaths(LabName.Check(name));
        if (LabDescription.Read(paths) is not { } lab)
        {
            return null;
        }

        using var probe = new ApiProbe(lab.Port, LabPki.Ensure(paths.Pki, lab.Nodes, time));
        var ready = await probe.IsReadyAsync(cancel);
        var nodes = ready ? await probe.ReadyNodesAsync(cancel) : new Dictionary<string, string>();
        var handle = new LabHandle(paths, lab);
        var states = lab.Nodes.Select(node => NodeStatus(handle, node, nodes)).ToArray();
        var memory = new Cgroups(paths.Cgroup).Processes().Sum(ProcessTable.ProportionalMemory);
        var controlPlane = handle.ControlPlanePid;
        return new LabStatus(name, ready && controlPlane is not null && states.All(node => node.Ready),
            new LabControlPlaneStatus(controlPlane, handle.Server.ToString().TrimEnd('/'), ready), states, memory);
    }

    /// <summary>A handle on a lab that is up.</summary>
    public static LabHandle Open(string name)
    {
        var paths = new LabPaths(LabName.Check(name));
        var lab = LabDescription.Read(paths)
            ?? throw new LabException($"there is no lab \"{name}\"; bring one up with `trunkline lab up --name {name}`.", LabFailure.NotUp);
        return new LabHandle(paths, lab);
    }

    private static LabNodeStatus NodeStatus(LabHandle handle, LabNode node, IReadOnlyDictionary<string, string> ready)
    {
        var init = handle.InitPid(node.Name);
        var boot = init is null ? null : ReadInNode(init.Value, "/run/trunkline/boot_id");
        return new LabNodeStatus(node.Name, node.Role, node.Address, boot is not null && ready.GetValueOrDefault(node.Name) == boot,
            handle.MachinePid(node.Name), init, boot, init is null ? null : ReadInNode(init.Value, "/run/trunkline/sctp/module"),
            handle.Processes(node.Name));
    }

    internal static string? ReadInNode(int init, string path)
    {
        try
        {
            return File.ReadAllText($"/proc/{init}/root{path}").Trim();
        }
        catch (IOException)
        {
            return null; // it is booting, or going down
        }
    }

    private async Task RemoveRemainsAsync(LabPaths paths, ILabProgress progress, CancellationToken cancel)
    {
        var teardown = new Teardown(paths, time);
        if (!teardown.NothingThere)
        {
            await teardown.RemoveAsync(cancel);
            progress.Did($"removed what an unfinished lab {paths.Name} had left");
        }
    }

    // The machine rebooted, or an `up` was interrupted: what still runs has lost its ground.
    private async Task StopWithoutNetworkAsync(LabPaths paths, ILabProgress progress, CancellationToken cancel)
    {
        var teardown = new Teardown(paths, time);
        await teardown.StopAsync(cancel);
        await teardown.RemoveCgroupsOfStoppedAsync(cancel);
        progress.Did($"lab {paths.Name} was left without its network (a crash or a reboot of this machine); its state is kept and it comes up again");
    }

    // lab.json holds the port from here on: a lab that is planned at the same moment sees it and takes another.
    private async Task<LabDescription> PlanAsync(LabOptions options, LabPaths paths, LabDescription? existing, CancellationToken cancel)
    {
        using var ports = await LabLock.TakeAsync(paths.PortsLock, "choosing a port", time, cancel);
        var lab = LabPlan.For(options, existing, LabDescription.PortsOfOthers(paths));
        CreateDirectories(paths);
        lab.Write(paths);
        return lab;
    }

    private static void CreateDirectories(LabPaths paths)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(paths.StateRoot);
        Directory.CreateDirectory(paths.State, OwnerOnly);
        Directory.CreateDirectory(paths.RunRoot);
        Directory.CreateDirectory(paths.Run, OwnerOnly);
    }

    private static void WriteKubeconfigs(LabPaths paths, LabDescription lab, LabPki pki)
    {
        var server = $"https://127.0.0.1:{lab.Port}";
        WriteSecret(paths.AdminKubeconfig, Kubeconfig.Write(lab.Name, server, pki.CaFile, pki.Admin, "system:admin"));
        WriteSecret(paths.ControllersKubeconfig, Kubeconfig.Write(lab.Name, server, pki.CaFile, pki.Controllers, "system:kube-controller-manager"));
    }

    private static void WriteSecret(string path, string text)
    {
        File.WriteAllText(path + ".new", "");
        File.SetUnixFileMode(path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    private void StartMissing(LabPaths paths, LabDescription lab, Daemons daemons, LabNode[] dead, bool existed, ILabProgress progress)
    {
        var controlPlaneDead = daemons.Find(ControlPlane, ControlPlane) is null;
        if (controlPlaneDead)
        {
            if (!LabPlan.IsFree(lab.Port))
            {
                throw new LabException(
                    $"port {lab.Port} on 127.0.0.1, which lab {lab.Name} had, is in use by another program; end that, or take the lab down and up again.",
                    LabFailure.PortInUse);
            }

            daemons.Start(ControlPlane, [build.Trunkline, "lab-process", "control-plane", "--lab", lab.Name]);
        }

        foreach (var node in dead)
        {
            daemons.Start(node.Name, [build.Node, "machine", paths.NodeSettings(node.Name)]);
        }

        var started = dead.Select(node => node.Name).Prepend(controlPlaneDead ? "control plane" : "").Where(name => name.Length > 0).ToArray();
        progress.Did((started.Length, existed) switch
        {
            (0, _) => $"lab {lab.Name} is up already",
            (_, true) => $"was dead, started again: {string.Join(", ", started)}",
            _ => $"started {string.Join(", ", started)}",
        });
    }
}
