using System.Net;
using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Policies;
using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network;

/// <summary>
/// The path of a packet through a node's rules, and the maps that decide. Pure. No rule speaks of SCTP as such: whether a node
/// has the module is the Pod's kernel's to answer (ICMP protocol unreachable), and that answer comes back as related traffic.
/// </summary>
internal static class NodeRules
{
    /// <summary>Bit of the mark of flows that began with an SCTP HEARTBEAT; <see cref="ServiceRules.MasqueradeMark"/> is another.</summary>
    private const int PickedUpMark = 2;

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
        PolicyRules.Declare(rules);
        AddDrops(rules);
        AddFilters(rules, node);
        return rules;
    }

    // Every denied flow is counted by the kernel under its own key; size and timeout bound what a flood of forged flows can take.
    private static void AddDrops(RulesPart rules)
    {
        rules.Add(new NftSet("dropped", "typeof ip saddr . ip daddr . meta l4proto . th dport; size 65536; flags dynamic,timeout; counter; timeout 1h;")
        {
            IsKernels = true,
        });
        rules.Add(new NftChain("drop_counted", null,
        [
            "meta l4proto { tcp, udp, sctp } update @dropped { ip saddr . ip daddr . meta l4proto . th dport }",
            "counter drop",
        ]));
    }

    private static void AddFilters(RulesPart rules, NodeNetwork node)
    {
        // Anti-spoofing: what a Pod's cable brings must come from the address whose route leads into that cable. Pods have no IPv6.
        rules.Add(new NftChain("sources", "type filter hook prerouting priority -300;",
        [
            "iifname \"p*\" meta nfproto ipv6 counter drop",
            "iifname \"p*\" fib saddr . iif oif missing counter drop",
        ]));
        rules.Add(new NftChain("forward", "type filter hook forward priority 0;",
        [
            // Replies, and ICMP errors about known flows, were judged with the flow. What conntrack calls invalid goes on and is judged like anything new.
            // A flow the kernel picked up from a HEARTBEAT says nothing of who began the association: without this, an association that a policy has cut would live
            // again as the "reply" to its server's HEARTBEAT. Each packet of such a flow is judged for itself (reference: policies are asked again).
            $"ct state new sctp chunk heartbeat exists ct mark set ct mark or {PickedUpMark}",
            $"ct mark and {PickedUpMark} == 0 ct state established,related accept",
            $"ip saddr . ip daddr @{PolicyRules.SelfSet} accept",
            "iifname \"p*\" jump egress",
            "oifname \"p*\" jump ingress",
        ]));
        rules.Add(new NftChain("egress", null, [$"ip saddr vmap @{PolicyRules.EgressMap}", "goto drop_counted"]));
        rules.Add(new NftChain("ingress", null, [$"ip daddr vmap @{PolicyRules.IngressMap}", "goto drop_counted"]));
    }
}
