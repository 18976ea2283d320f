using System.Diagnostics;
using Trunkline.Lab.Linux;

namespace Trunkline.Lab.Network;

/// <summary>Makes and removes a lab's pinned network namespaces and what lies in them.</summary>
internal sealed class Rack(LabPaths paths, LabDescription lab)
{
    public bool Stands => File.Exists(paths.NetworkMarker) && RackPlan.Namespaces(lab.Nodes).All(IsPinned);

    /// <summary>Builds all of it anew; what an interrupted run left is taken away first.</summary>
    public void Build()
    {
        Remove();
        Directory.CreateDirectory(Path.GetDirectoryName(paths.Netns(RackPlan.Rack))!);
        foreach (var name in RackPlan.Namespaces(lab.Nodes))
        {
            NetworkNamespace.Create(paths.Netns(name));
        }

        Switch(RackPlan.Rack, RackPlan.RackSwitches);
        Batch(RackPlan.Rack, RackPlan.RackCommands(lab.Nodes, paths.Netns));
        NetworkNamespace.Run(paths.Netns(RackPlan.Rack), () =>
        {
            // Bridged packets must not pass the rack's ip hooks: conntrack there would see, and drop, what it does not understand.
            foreach (var file in Directory.Exists("/proc/sys/net/bridge") ? Directory.GetFiles("/proc/sys/net/bridge", "bridge-nf-call-*") : [])
            {
                File.WriteAllText(file, "0");
            }

            return true;
        });
        Parallel.ForEach(lab.Nodes.Select(node => (node.Name, node.Addresses)).Append((Name: RackPlan.External, Addresses: lab.ExternalAddresses)), machine =>
        {
            Switch(machine.Name, RackPlan.MachineSwitches);
            Batch(machine.Name, RackPlan.MachineCommands(machine.Addresses));
        });
        Parallel.ForEach(lab.Nodes, BuildSecondary);
        File.WriteAllText(paths.NetworkMarker, "");
    }

    // The bridge is made first and brought up last: at no moment does a link that has its switches at the kernel's defaults carry packets.
    private void BuildSecondary(LabNode node)
    {
        Batch(node.Name, RackPlan.SecondaryCommands);
        NetworkNamespace.Run(paths.Netns(node.Name), () =>
        {
            foreach (var (name, value) in RackPlan.SecondaryLinks.SelectMany(RackPlan.SecondarySwitches).Where(item => File.Exists($"/proc/sys/{item.Name}")))
            {
                File.WriteAllText($"/proc/sys/{name}", value);
            }

            return true;
        });
        Batch(node.Name, [.. RackPlan.SecondaryLinks.Select(link => $"link set {link} up")]);
    }

    /// <summary>Takes the pins away. A namespace ends when its last process has.</summary>
    public void Remove() => Remove(paths);

    /// <summary>The same for a lab whose description is lost.</summary>
    public static void Remove(LabPaths paths)
    {
        File.Delete(paths.NetworkMarker);
        var directory = Path.GetDirectoryName(paths.Netns(RackPlan.Rack))!;
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var pin in Directory.GetFiles(directory))
        {
            while (IsMountPoint(pin))
            {
                Libc.Unmount(pin);
            }

            File.Delete(pin);
        }
    }

    public static bool IsMountPoint(string path) =>
        File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ')[4] == path);

    private bool IsPinned(string name) => File.Exists(paths.Netns(name)) && IsMountPoint(paths.Netns(name));

    // A kernel without IPv6 has none of its switches.
    private void Switch(string name, IReadOnlyList<(string Name, string Value)> switches) => NetworkNamespace.Run(paths.Netns(name), () =>
    {
        foreach (var (file, value) in switches.Select(item => ($"/proc/sys/{item.Name}", item.Value)).Where(item => File.Exists(item.Item1)))
        {
            File.WriteAllText(file, value);
        }

        return true;
    });

    private void Batch(string name, IReadOnlyList<string> commands)
    {
        var path = paths.Netns(name);
        using var process = NetworkNamespace.Run(path, () => Process.Start(new ProcessStartInfo("ip", ["-batch", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!);
        process.StandardInput.Write(string.Join('\n', commands) + "\n");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEnd() + process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new LabException($"the network of {name} could not be made: {errors.Trim().ReplaceLineEndings("; ")}", LabFailure.Machine);
        }
    }
}
