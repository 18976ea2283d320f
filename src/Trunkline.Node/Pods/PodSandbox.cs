using System.Net;
using k8s.Models;
using Trunkline.Node.Network;
using Trunkline.Node.Pods.Networks;
using Trunkline.Node.Pods.State;
using Trunkline.Node.Runtime;
using Trunkline.Node.Runtime.Native;

namespace Trunkline.Node.Pods;

/// <summary>What a Pod's containers share: address, namespaces, network, /dev/shm, and the node's SCTP service.</summary>
internal sealed class PodSandbox(
    NodeConfig config, NodePaths paths, SandboxNamespaces namespaces, PodAddresses addresses, IPodNetwork network, SctpRegistry registry, PodNetworks? networks)
{
    private const string SharedMemorySize = "65536k";

    public static string HostName(V1Pod pod)
    {
        var name = string.IsNullOrEmpty(pod.Spec.Hostname) ? pod.Metadata.Name : pod.Spec.Hostname;
        return name.Length <= 63 ? name : name[..63].TrimEnd('-', '.'); // Linux: 64 bytes with the end
    }

    public string? NetworkPath(PodRecord record) => record.HostNetwork ? null : namespaces.NetworkPath(record.Uid);

    public string? UtsPath(PodRecord record) => record.HostNetwork ? null : namespaces.UtsPath(record.Uid);

    public string IpcPath(PodRecord record) => namespaces.IpcPath(record.Uid);

    /// <summary>The directory in which the Pod finds the SCTP service's socket.</summary>
    public string SctpDirectory(PodRecord record) => registry.Directory(record.HostNetwork ? SctpRegistry.Host : record.Uid);

    /// <summary>Makes it anew. On return <see cref="PodRecord.Ip"/> is set, and the Pod is on the network; policies are the caller's next step.</summary>
    public async Task CreateAsync(V1Pod pod, PodRecord record, CancellationToken cancellationToken)
    {
        record.HostNetwork = pod.Spec.HostNetwork == true;
        if (record.HostNetwork)
        {
            record.SetIps(config.Addresses);
        }
        else if (!record.HoldsAddresses)
        {
            // A sandbox that failed keeps them for its next attempt.
            record.SetIps([.. addresses.Allocate().Select(ip => ip.ToString())]);
            record.HoldsAddresses = true;
        }

        namespaces.Create(record.Uid, HostName(pod), record.HostNetwork);
        MakeSharedMemory(record.Uid);
        if (record.HostNetwork)
        {
            return;
        }

        await network.AttachAsync(record.Uid, namespaces.NetworkPath(record.Uid), [.. record.Ips.Select(IPAddress.Parse)], cancellationToken);
        if (networks is not null)
        {
            await networks.AttachAsync(pod, record, namespaces.NetworkPath(record.Uid), cancellationToken);
        }

        registry.Add(record.Uid, namespaces.NetworkPath(record.Uid), [.. record.Ips, .. record.Networks.SelectMany(attached => attached.Addresses)]);
    }

    /// <summary>Completes when a program in the Pod would find the node's SCTP; false where it did not come in time.</summary>
    public Task<bool> SctpServedAsync(PodRecord record, TimeProvider time, CancellationToken cancellationToken) =>
        record.HostNetwork ? Task.FromResult(true) : registry.ServedAsync(record.Uid, time, cancellationToken);

    /// <summary>Whether what the record speaks of still stands (an agent's restart leaves it, a boot does not).</summary>
    public bool Stands(PodRecord record) => File.Exists(record.HostNetwork ? namespaces.IpcPath(record.Uid) : namespaces.NetworkPath(record.Uid));

    /// <summary>Makes sure of what others may have lost while no agent ran.</summary>
    public async Task RestoreAsync(V1Pod pod, PodRecord record, CancellationToken cancellationToken)
    {
        if (!record.HostNetwork && record.Ip is not null)
        {
            await network.AttachAsync(record.Uid, namespaces.NetworkPath(record.Uid), [.. record.Ips.Select(IPAddress.Parse)], cancellationToken);
            registry.Add(record.Uid, namespaces.NetworkPath(record.Uid), [.. record.Ips, .. record.Networks.SelectMany(attached => attached.Addresses)]);
            if (networks is not null)
            {
                await networks.RestoreAsync(pod, record, namespaces.NetworkPath(record.Uid), cancellationToken);
            }
        }
    }

    /// <summary>Tells again what networks the Pod is on where its object says otherwise.</summary>
    public Task TellAsync(V1Pod pod, PodRecord record, CancellationToken cancellationToken) =>
        networks is null || record.HostNetwork ? Task.CompletedTask : networks.TellAsync(pod, record, cancellationToken);

    public async Task RemoveAsync(PodRecord record, CancellationToken cancellationToken)
    {
        if (!record.HostNetwork)
        {
            registry.Remove(record.Uid);
            networks?.Forget(record);
            await network.DetachAsync(record.Uid, cancellationToken);
        }

        namespaces.Remove(record.Uid);
        if (Directory.Exists(paths.SharedMemory(record.Uid)))
        {
            Libc.Unmount(paths.SharedMemory(record.Uid));
        }

        networks?.Release(record);

        // Only after the network let go of them may somebody else get the addresses.
        if (record.HoldsAddresses)
        {
            addresses.Release([.. record.Ips.Select(IPAddress.Parse)]);
            record.HoldsAddresses = false;
        }

        record.SandboxReady = false;
    }

    private void MakeSharedMemory(string uid)
    {
        var path = paths.SharedMemory(uid);
        Directory.CreateDirectory(path);
        Libc.Unmount(path);
        Libc.Mount("shm", path, "tmpfs", Libc.MountNoSuid | Libc.MountNoDev, $"mode=1777,size={SharedMemorySize}");
    }
}
