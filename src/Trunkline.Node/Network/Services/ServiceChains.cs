using Trunkline.Node.Network.Balancers;
using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Policies;

namespace Trunkline.Node.Network.Services;

/// <summary>The part of Services' rules that is the same whatever Services there are: maps, hooks, and what becomes of the source address. Pure.</summary>
internal static class ServiceChains
{
    public static void AddTo(RulesPart part, NodeNetwork node)
    {
        part.Add(new NftSet("service_classes", "type mark : verdict;") { IsMap = true });
        foreach (var family in ServiceFamily.Both)
        {
            AddMaps(part, family);
        }

        AddTranslation(part, node);
        AddRefusals(part, node);
    }

    private static void AddMaps(RulesPart part, ServiceFamily family)
    {
        var frontend = $"{family.AddressType} . inet_proto . inet_service";
        part.Add(new NftSet(family.Named("services"), $"type {frontend} : mark;") { IsMap = true });
        part.Add(new NftSet(family.Named("unserved"), $"type {frontend} : verdict;") { IsMap = true });
        part.Add(new NftSet(family.Named("firewalled"), $"type {frontend} : verdict;") { IsMap = true });
        // By type: what nft 1.0.6 remembers of a typeof with an address beside a port it cannot read again ("conflicting protocols specified"), and with that refuses every
        // rule that is added later and asks the map.
        part.Add(new NftSet(family.Named("endpoints"), $"type {frontend} . mark : {family.AddressType} . inet_service;") { IsMap = true });
        part.Add(new NftSet(family.Named("sticky_numbers"), $"typeof {family.Key} . meta mark : meta mark;") { IsMap = true });
        part.Add(new NftSet(family.Named("service_ips"), $"type {family.AddressType};"));
    }

    private static void AddTranslation(RulesPart part, NodeNetwork node)
    {
        // loadBalancerSourceRanges are asked before translation, of what begins and of what belongs to nothing; a flow that stands was asked when it began.
        var firewall = ServiceFamily.Both.Select(family => $"ct state new,invalid {family.Key} vmap @{family.Named("firewalled")}").ToList();
        part.Add(new NftChain("firewall", "type filter hook prerouting priority -160;", firewall));
        part.Add(new NftChain("firewall_own", "type filter hook output priority -160;", firewall));
        var lookup = ServiceFamily.Both.Select(family => $"meta mark set {family.Key} map @{family.Named("services")} meta mark vmap @service_classes").ToList();
        part.Add(new NftChain("translate", "type nat hook prerouting priority -100;", lookup));
        part.Add(new NftChain("translate_own", "type nat hook output priority -100;", lookup));
        part.Add(new NftChain("translate_source", "type nat hook postrouting priority 100;",
            [.. ServiceFamily.Both.Where(family => node.AddressOf(family) is not null).SelectMany(family => Sources(family, node))]));
    }

    private static IEnumerable<string> Sources(ServiceFamily family, NodeNetwork node)
    {
        var own = $"snat {family.Word} to {node.AddressOf(family)}";
        var pods = node.PodsOf(family);

        // Hairpin: a Pod that reached itself through a Service must not see its own address as its peer's.
        yield return $"ct status dnat {family.Word} saddr . {family.Word} daddr @{family.Named(PolicyRules.SelfSet)} {own}";
        yield return $"ct mark and {ServiceRules.MasqueradeMark} == {ServiceRules.MasqueradeMark} meta nfproto {(family == ServiceFamily.V4 ? "ipv4" : "ipv6")} {own}";

        // Beyond the cluster nobody knows the way back to a Pod.
        yield return $"{family.Word} saddr {pods} {family.Word} daddr != {pods} {family.Word} daddr != @{family.Named("node_ips")} {own}";
    }

    // Before the policies: what is still at a Service's address after translation has nobody behind it.
    private static void AddRefusals(RulesPart part, NodeNetwork node)
    {
        // A packet that belongs to no flow (DATA after the entry has gone) is never translated, and a refusal would mislead its sender.
        part.Add(new NftChain("refuse", null, ["ct state invalid counter drop", "counter reject with icmpx type port-unreachable"]));
        part.Add(new NftChain("not_here", null, ["counter drop"]));
        foreach (var family in ServiceFamily.Both)
        {
            part.Add(new NftChain(family.Named("unserved_address"), null, [$"{family.Word} daddr @{family.Named("service_ips")} goto refuse", "counter drop"]));
        }

        string[] rules =
        [
            "ct state established,related accept",
            .. ServiceFamily.Both.Select(family => $"{family.Key} vmap @{family.Named("unserved")}"),
            // An address that is in use refuses its other ports; one that nobody has is silence.
            .. ServiceFamily.Both.Select(family => $"meta l4proto {{ tcp, udp, sctp }} {family.Word} daddr @{family.Named("service_ips")} goto refuse"),
            .. ServiceFamily.Both.Select(family => $"{family.Word} daddr {node.ServicesOf(family)} goto unserved_address{family.Suffix}"),
        ];
        // What the rack gives to load balancers leads to a bridge without ports on the node that answers for it: nobody else's address can.
        string[] leaving = [.. rules, $"oifname \"{RackAnswers.Sink}\" meta l4proto {{ tcp, udp, sctp }} goto refuse"];
        part.Add(new NftChain("refusals", "type filter hook forward priority -1;", leaving));
        part.Add(new NftChain("refusals_own", "type filter hook output priority -1;", leaving));
        part.Add(new NftChain("refusals_here", "type filter hook input priority -1;", rules));
    }
}
