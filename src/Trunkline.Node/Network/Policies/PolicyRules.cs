using System.Security.Cryptography;
using System.Text;
using Trunkline.Node.Network.Nft;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Policies;

/// <summary>
/// The part of a node's rules that asks policies, the same for every cluster: chains at the kernel's hooks, and the maps from a Pod's address to what policies say of
/// it. Egress and ingress are chains of their own, so that "accept" in one of them ends that direction and nothing else. Pure.
/// </summary>
internal static class PolicyRules
{
    /// <summary>Both ends of a Pod's own address: a Pod always reaches itself.</summary>
    public const string SelfSet = "own_address";

    /// <summary>From a Pod's address to the number of what policies say of packets to it, and from it.</summary>
    public const string IngressMap = "ingress_pods", EgressMap = "egress_pods";

    /// <summary>What ClusterNetworkPolicies say of packets from a Pod to its own node. NetworkPolicies do not keep a Pod from its node.</summary>
    public const string NodeEgressMap = "node_egress_pods";

    /// <summary>
    /// From the number in the maps to the chain of all Pods under the same rules. A map of a thousand Pods' verdicts would be walked by the kernel, looking for loops, at
    /// every change, with all that the chains lead to.
    /// </summary>
    public const string ClassMap = "policy_classes";

    /// <summary>The number of Pods to or from which everything is allowed.</summary>
    public const string OpenClass = "1";
    public const uint FirstClass = 2;
    public const string DropChain = "drop_counted";

    /// <summary>Bit of a flow's mark: each of its packets is judged for itself, in both directions. Services have another bit.</summary>
    public const uint DoubtMark = 2;

    // The kernel makes a flow of a HEARTBEAT, a COOKIE ECHO, an ERROR or a SHUTDOWN ACK in the middle of nothing (nf_conntrack_proto_sctp), which says nothing of who
    // began the association: without this mark an association that a policy has cut would live again as the "reply" to a packet of its server. Each packet of such a
    // flow is judged for itself.
    private static readonly string s_mark = $"ct state new meta l4proto sctp sctp chunk init missing ct mark set ct mark or {DoubtMark}";

    // Behind all that policies have to say: who gets here has been allowed by both ends. With an INIT of the one who began the flow an association begins that is his, and a
    // flow of UDP that a policy had cut is allowed again; what is sent back to him are replies from here on. Earlier it would open the flow to whom it is denied.
    private static readonly string s_doubted = $"ct mark and {DoubtMark} == {DoubtMark} ct direction original";
    private static readonly string[] s_clear =
    [
        $"{s_doubted} meta l4proto sctp sctp chunk init exists ct mark set ct mark and {~DoubtMark}", $"{s_doubted} meta l4proto udp ct mark set ct mark and {~DoubtMark}",
    ];

    // Replies, and ICMP errors about known flows, were judged with the flow. What conntrack calls invalid goes on and is judged like anything new.
    private static readonly string s_known = $"ct mark and {DoubtMark} == 0 ct state established,related accept";

    public static void Declare(RulesPart rules)
    {
        foreach (var words in AddressWords.Both)
        {
            rules.Add(new NftSet(SelfSet + words.Suffix, $"type {words.Type} . {words.Type};"));
            foreach (var map in (string[])[IngressMap, EgressMap, NodeEgressMap])
            {
                rules.Add(new NftSet(map + words.Suffix, $"type {words.Type} : mark;") { IsMap = true });
            }
        }

        rules.Add(new NftSet(ClassMap, "type mark : verdict;") { IsMap = true });
        rules.Add(ClassMap, OpenClass, "accept");

        AddDrops(rules);
        rules.Add(new NftChain("egress", "type filter hook forward priority 10;",
        [
            "iifname != \"p*\" accept", s_mark, s_known, .. Itself(), .. Ask("saddr", EgressMap), $"goto {DropChain}",
        ]));
        rules.Add(new NftChain("ingress", "type filter hook forward priority 20;",
        [
            "oifname != \"p*\" accept", s_mark, s_known, .. Itself(), .. Ask("daddr", IngressMap), $"goto {DropChain}",
        ]));
        rules.Add(new NftChain("egress_to_node", "type filter hook input priority 10;",
        [
            // Neighbour discovery is how the cable works (RFC 4861), not traffic that somebody has.
            "iifname != \"p*\" accept", "icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept", s_mark, s_known,
            .. Ask("saddr", NodeEgressMap),
        ]));

        // A node always reaches its Pods; only what it has to say of the flow is said here.
        rules.Add(new NftChain("node_to_pods", "type filter hook output priority 10;", [$"oifname \"p*\" {s_mark}"]));

        foreach (var hook in (string[])["forward", "input", "output"])
        {
            rules.Add(new NftChain($"allowed_{hook}", $"type filter hook {hook} priority 30;", s_clear));
        }

        // Anti-spoofing: what a Pod's cable brings must come from the address whose route leads into that cable, whatever its hardware address says.
        rules.Add(new NftChain("sources", "type filter hook prerouting priority -300;", ["iifname \"p*\" fib saddr . iif oif missing counter drop"]));
    }

    /// <summary>A name made of what is said, so that saying something else is another name.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    public static string MapOf(TrafficDirection direction, AddressWords words) => (direction == TrafficDirection.Ingress ? IngressMap : EgressMap) + words.Suffix;

    private static IEnumerable<string> Itself() => AddressWords.Both.Select(words => $"{words.Ip} saddr . {words.Ip} daddr @{SelfSet}{words.Suffix} accept");

    private static IEnumerable<string> Ask(string field, string map) => AddressWords.Both.Select(words => $"meta mark set {words.Ip} {field} map @{map}{words.Suffix} meta mark vmap @{ClassMap}");

    // Every denied flow is counted by the kernel under its own key; size and timeout bound what a flood of forged flows can take.
    private static void AddDrops(RulesPart rules)
    {
        var chain = new List<string>();
        foreach (var words in AddressWords.Both)
        {
            var key = $"{words.Ip} saddr . {words.Ip} daddr . meta l4proto . th dport";
            rules.Add(new NftSet("dropped" + words.Suffix, $"typeof {key}; size 65536; flags dynamic,timeout; counter; timeout 1h;") { IsKernels = true });
            chain.Add($"meta l4proto {{ tcp, udp, sctp }} update @dropped{words.Suffix} {{ {key} }}");
        }

        rules.Add(new NftChain(DropChain, null, [.. chain, "counter drop"]));
    }
}
