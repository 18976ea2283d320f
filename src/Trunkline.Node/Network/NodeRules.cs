using System.Net;
using System.Net.Sockets;
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
    /// <summary>Bit of the mark of flows that began with an SCTP HEARTBEAT; <see cref="ServiceRules.KeepsClientMark"/> is another.</summary>
    private const int PickedUpMark = 2;
    private const string ServiceKey = "ip daddr . meta l4proto . th dport";

    /// <summary>What does not depend on Services and policies: chains, and the sets and maps that they ask.</summary>
    public static RulesPart Skeleton(NodeNetwork node, IEnumerable<IPAddress> nodeAddresses)
    {
        var rules = new RulesPart();
        rules.Add(new NftSet("node_ips", "type ipv4_addr;"));
        foreach (var address in nodeAddresses.Append(node.NodeAddress).Where(address => address.AddressFamily == AddressFamily.InterNetwork).Distinct())
        {
            rules.Add("node_ips", $"{address}");
        }

        ServiceRules.Declare(rules);
        PolicyRules.Declare(rules);
        AddDrops(rules);
        AddTranslation(rules, node);
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

    private static void AddTranslation(RulesPart rules, NodeNetwork node)
    {
        rules.Add(new NftChain("translate", "type nat hook prerouting priority -100;", [$"{ServiceKey} vmap @services"]));
        rules.Add(new NftChain("translate_own", "type nat hook output priority -100;", [$"{ServiceKey} vmap @services"]));
        var own = $"snat ip to {node.NodeAddress}";
        rules.Add(new NftChain("translate_source", "type nat hook postrouting priority 100;",
        [
            // Hairpin: a Pod that reached itself through a Service must not see its own address as its peer's.
            $"ct status dnat ip saddr . ip daddr @{PolicyRules.SelfSet} {own}",
            // externalTrafficPolicy Local keeps the client's address; Cluster brings the answer back through this node.
            $"ct mark and {ServiceRules.KeepsClientMark} == {ServiceRules.KeepsClientMark} return",
            $"ct status dnat ct original ip daddr {node.NodeAddress} {own}",
            $"ct status dnat ct original ip daddr {node.Services} ip saddr != {node.Pods} {own}",
            // Beyond the cluster nobody knows the way back to a Pod.
            $"ip saddr {node.Pods} ip daddr != {node.Pods} ip daddr != @node_ips {own}",
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
            $"ip daddr {node.Services} goto unserved",
            "iifname \"p*\" jump egress",
            "oifname \"p*\" jump ingress",
        ]));
        rules.Add(new NftChain("egress", null, [$"ip saddr vmap @{PolicyRules.EgressMap}", "goto drop_counted"]));
        rules.Add(new NftChain("ingress", null, [$"ip daddr vmap @{PolicyRules.IngressMap}", "goto drop_counted"]));
        // Still a Service address after translation: no endpoint or no such port is refused, an address nobody has is silence. A packet that belongs to no flow
        // (DATA after the entry has gone) is never translated, and a refusal would mislead its sender.
        rules.Add(new NftChain("unserved", null,
        [
            "ct state invalid counter drop", "ip daddr @cluster_ips counter reject with icmp port-unreachable", "counter drop",
        ]));
        rules.Add(new NftChain("own_output", "type filter hook output priority 0;", [$"ip daddr {node.Services} goto unserved"]));
        rules.Add(new NftChain("own_input", "type filter hook input priority 0;",
        [
            "ct state established,related accept",
            $"ip daddr {node.NodeAddress} meta l4proto . th dport @unserved_node_ports counter reject with icmp port-unreachable",
            $"ip daddr {node.NodeAddress} meta l4proto . th dport @silent_node_ports counter drop",
        ]));
    }
}
