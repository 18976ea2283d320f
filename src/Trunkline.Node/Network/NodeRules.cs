using System.Net;
using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Policies;
using Trunkline.Node.Network.Sctp;
using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network;

/// <summary>
/// The path of a packet through a node's rules, and the maps that decide. Pure. No rule speaks of SCTP as such: whether a node
/// has the module is the Pod's kernel's to answer (ICMP protocol unreachable), and that answer comes back as related traffic.
/// </summary>
internal static class NodeRules
{
    /// <summary>What does not depend on Services and policies: chains, and the sets and maps that they ask.</summary>
    public static RulesPart Skeleton(NodeNetwork node, IEnumerable<IPAddress> nodeAddresses)
    {
        var rules = new RulesPart();
        foreach (var family in ServiceFamily.Both)
        {
            rules.Add(new NftSet(family.Named("node_ips"), $"type {family.AddressType};"));
        }

        foreach (var address in nodeAddresses.Concat(node.NodeAddresses).Distinct())
        {
            rules.Add(ServiceFamily.Of(address).Named("node_ips"), $"{address}");
        }

        ServiceChains.AddTo(rules, node);
        SctpChains.AddTo(rules);
        PolicyRules.Declare(rules);
        return rules;
    }
}
