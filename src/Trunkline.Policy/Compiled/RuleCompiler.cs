using System.Net;
using Trunkline.Policy.Addresses;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Compiled;

/// <summary>Rules of policies as sets of Pods and ranges of ports.</summary>
internal sealed class RuleCompiler(PolicyCluster cluster, PodIndex index)
{
    public CompiledRule Compile(NetworkPolicy policy, PolicyRule rule) => new(ClusterPolicyAction.Accept, Peers(policy, rule.Peers), CompiledPorts.Of(rule.Ports));

    /// <summary>Null for a rule that can match nothing.</summary>
    public CompiledRule? Compile(ClusterPolicyRule rule)
    {
        if (rule.MatchesNothing)
        {
            return null;
        }

        return rule.MatchesEverything
            ? new CompiledRule(rule.Effect, null, null)
            : new CompiledRule(rule.Effect, Peers(rule.Peers), CompiledPorts.Of(rule.Ports));
    }

    /// <summary>Whom one peer alone means.</summary>
    public CompiledPeers Peers(NetworkPolicy policy, PolicyPeer peer) => Peers(policy, [peer])!;

    public CompiledPeers Peers(ClusterPolicyPeer peer) => Peers([peer]);

    private CompiledPeers? Peers(NetworkPolicy policy, IReadOnlyList<PolicyPeer> peers)
    {
        if (peers.Count == 0)
        {
            return null;
        }

        var found = new PodSet(index.Count);
        foreach (var peer in peers)
        {
            found.Or(index.Select(peer, policy.Namespace));
        }

        return CompiledPeers.Of(index, found, peers.Where(peer => peer.IpBlock is not null).SelectMany(peer => AddressRanges.Of(peer.IpBlock!)), []);
    }

    private CompiledPeers Peers(IReadOnlyList<ClusterPolicyPeer> peers)
    {
        var found = new PodSet(index.Count);
        foreach (var peer in peers.Where(peer => peer.Pods is not null))
        {
            found.Or(index.Select(peer.Pods!).And(index.Selectable));
        }

        return CompiledPeers.Of(
            index, found, peers.SelectMany(peer => peer.Networks).Select(AddressRange.Of), peers.Where(peer => peer.Nodes is not null).SelectMany(peer => AddressesOf(peer.Nodes!)));
    }

    // An address that a Pod holds is the Pod's, whatever a node's status says.
    private IEnumerable<IPAddress> AddressesOf(LabelSelector nodes) => cluster.Nodes.SelectMany(node => node.Addresses)
        .Where(address => cluster.NodeAt(address) is { } holder && nodes.Matches(holder.Labels) && cluster.PodAt(address) is null);
}
