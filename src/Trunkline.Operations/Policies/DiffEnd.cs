using System.Net;
using System.Net.Sockets;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Policies;

/// <summary>An end of flows in two clusters: the same Pod as each of them has it, or an address. Compared by reference: there is one for each.</summary>
internal sealed class DiffEnd
{
    private readonly PolicyPod? _now;
    private readonly PolicyPod? _then;
    private readonly IPAddress? _address;

    private DiffEnd(PolicyPod now, int placeNow, PolicyPod then, int placeThen) => (_now, PlaceNow, _then, PlaceThen) = (now, placeNow, then, placeThen);

    private DiffEnd(IPAddress address) => _address = address;

    /// <summary>The Pod's place among those of the cluster now.</summary>
    public int PlaceNow { get; }

    /// <summary>The Pod's place among those of the cluster then.</summary>
    public int PlaceThen { get; }

    /// <summary>The family of an address.</summary>
    public AddressFamily Family => _address!.AddressFamily;

    /// <summary>Whether it has an address of a family.</summary>
    public bool Has(AddressFamily family) => _address is not null ? family == Family : _now!.AddressOf(family) is not null;

    public FlowEnd Now(AddressFamily family) => _address is not null ? FlowEnd.Of(_address) : FlowEnd.Of(_now!, family);

    public FlowEnd Then(AddressFamily family) => _address is not null ? FlowEnd.Of(_address) : FlowEnd.Of(_then!, family);

    /// <summary>The Pods that both clusters have and policies can select.</summary>
    public static List<DiffEnd> Pods(PolicyCluster before, PolicyCluster after)
    {
        var then = after.Pods.Select((pod, place) => (pod, place)).ToDictionary(pair => (pair.pod.Namespace, pair.pod.Name));
        return
        [
            .. from now in before.Pods.Select((pod, place) => (pod, place))
               where now.pod.IsSelectable && then.ContainsKey((now.pod.Namespace, now.pod.Name))
               let other = then[(now.pod.Namespace, now.pod.Name)]
               select new DiffEnd(now.pod, now.place, other.pod, other.place),
        ];
    }

    /// <summary>One address of each network that some policy of either names, and one of each family that none names; addresses of Pods and nodes are no strangers.</summary>
    public static List<DiffEnd> Strangers(PolicyCluster before, PolicyCluster after)
    {
        var networks = new[] { before, after }.SelectMany(Networks).Distinct().ToList();
        IPAddress[] others = [IPAddress.Parse("203.0.113.1"), IPAddress.Parse("2001:db8:ffff::1")]; // documentation's own (RFC 5737, RFC 3849): nobody's
        return
        [
            .. networks.Select(network => network.BaseAddress).Concat(others.Where(other => !networks.Exists(network => network.PrefixLength > 0 && network.Contains(other)))).Distinct()
                .Where(address => new[] { before, after }.All(cluster => cluster.PodAt(address) is null && cluster.NodeAt(address) is null)).Select(address => new DiffEnd(address)),
        ];
    }

    private static IEnumerable<IPNetwork> Networks(PolicyCluster cluster)
    {
        var directions = new[] { TrafficDirection.Ingress, TrafficDirection.Egress };
        var blocks = from policy in cluster.Policies
                     from direction in directions
                     from rule in policy.Rules(direction)
                     from peer in rule.Peers
                     where peer.IpBlock is not null
                     from network in peer.IpBlock!.Except.Prepend(peer.IpBlock.Cidr)
                     select network;
        return blocks.Concat(from policy in cluster.ClusterPolicies
                             from direction in directions
                             from rule in policy.Rules(direction)
                             from peer in rule.Peers
                             from network in peer.Networks
                             select network);
    }
}
