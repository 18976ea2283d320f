using System.Net;

namespace Trunkline.Node.Network.Cluster;

/// <summary>What this node knows of its own Pods before the API server does. Pure.</summary>
internal sealed class OwnPods
{
    // Pods this node is about to start, with addresses that the API server may not know yet.
    private readonly Dictionary<string, PodRecord> _announced = new(StringComparer.Ordinal);

    // Pods that are off the network: whatever the API server still says, their addresses are nobody's, or soon another Pod's.
    private readonly HashSet<string> _detached = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Announced => _announced.Keys;

    /// <summary>The addresses with which a Pod was announced; none once it is withdrawn.</summary>
    public IReadOnlyList<IPAddress> AddressesOf(string uid) => _announced.TryGetValue(uid, out var pod) ? pod.Pod.Addresses : [];

    public void Announce(PodRecord pod)
    {
        _announced[pod.Uid] = pod;
        _detached.Remove(pod.Uid);
    }

    /// <summary>Whether that changes anything.</summary>
    public bool Withdraw(string uid, bool isKnown)
    {
        if (isKnown)
        {
            _detached.Add(uid);
        }

        return _announced.Remove(uid) || isKnown;
    }

    /// <summary>The API server has no others.</summary>
    public void Keep(IEnumerable<string> known) => _detached.IntersectWith(known);

    /// <summary>Labels are the API server's as soon as it has the Pod; the address and node of an announced Pod are this node's word.</summary>
    public PodRecord? Of(string uid, PodRecord? known)
    {
        var announced = _announced.GetValueOrDefault(uid);
        if (known is null || announced is null)
        {
            return known is not null && _detached.Contains(uid) ? known with { Pod = known.Pod with { Addresses = [] }, HostPorts = [] } : known ?? announced;
        }

        return known with { Pod = known.Pod with { Addresses = announced.Pod.Addresses, NodeName = announced.Pod.NodeName } };
    }
}
