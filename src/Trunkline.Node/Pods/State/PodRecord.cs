using System.Text.Json.Serialization;
using Trunkline.Node.Network.Secondary;

namespace Trunkline.Node.Pods.State;

/// <summary>What the node did for a Pod, kept on disk so that a restarted agent goes on where its predecessor was.</summary>
internal sealed class PodRecord
{
    public required string Uid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The boot in which sandbox and containers were made; in another one they are gone.</summary>
    public required string BootId { get; set; }

    public string? Ip { get; set; }

    /// <summary>Its address in the other family, where it has one.</summary>
    public string? SecondaryIp { get; set; }

    /// <summary>Its addresses, the primary one first.</summary>
    [JsonIgnore] public IReadOnlyList<string> Ips => Ip is null ? [] : SecondaryIp is null ? [Ip] : [Ip, SecondaryIp];

    /// <summary>Whether the addresses are its own by now: a Pod that is over still tells them, and somebody else may have them.</summary>
    [JsonIgnore] public bool HoldsAddresses { get; set; }

    public bool HostNetwork { get; set; }

    /// <summary>The secondary networks it is on, as its annotation asks.</summary>
    public IReadOnlyList<AttachedNetwork> Networks { get; set; } = [];

    public DateTime StartTime { get; set; }

    public bool SandboxReady { get; set; }

    /// <summary>Phase Succeeded or Failed: nothing of it runs again, its sandbox is gone, its logs stay until the Pod is deleted.</summary>
    public bool Finished { get; set; }

    /// <summary>Why the node would not have the Pod at all (a kubelet's admission), or no longer (its deadline); or null.</summary>
    public string? RefusedReason { get; set; }

    public string? RefusedMessage { get; set; }

    public Dictionary<string, ContainerRecord> Containers { get; init; } = new(StringComparer.Ordinal);

    public void SetIps(IReadOnlyList<string> ips) => (Ip, SecondaryIp) = (ips.ElementAtOrDefault(0), ips.ElementAtOrDefault(1));

    public ContainerRecord Container(string name)
    {
        if (!Containers.TryGetValue(name, out var record))
        {
            Containers[name] = record = new ContainerRecord();
        }

        return record;
    }
}
