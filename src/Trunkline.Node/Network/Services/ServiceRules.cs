using Trunkline.Node.Network.Nft;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Services;

/// <summary>
/// Services as flat maps: one from (address, protocol, port) to the chain of its number of endpoints, one from (address, protocol, port, index) to the endpoint.
/// A packet costs two lookups however many Services there are, and a change touches its own elements only. Pure.
/// </summary>
internal static class ServiceRules
{
    /// <summary>Mark of flows whose source is not translated (externalTrafficPolicy Local).</summary>
    public const int KeepsClientMark = 1;
    private const string Key = "ip daddr . meta l4proto . th dport";

    /// <summary>What every node has: the maps.</summary>
    public static void Declare(RulesPart rules)
    {
        rules.Add(new NftSet("services", "type ipv4_addr . inet_proto . inet_service : verdict;") { IsMap = true });
        rules.Add(new NftSet("endpoints", $"typeof {Key} . meta mark : ip daddr . th dport;") { IsMap = true });
        rules.Add(new NftSet("cluster_ips", "type ipv4_addr;"));
        rules.Add(new NftSet("unserved_node_ports", "type inet_proto . inet_service;"));
        rules.Add(new NftSet("silent_node_ports", "type inet_proto . inet_service;"));
    }

    /// <summary>What one Service adds.</summary>
    public static RulesPart Part(IReadOnlyList<ServicePort> ports)
    {
        var rules = new RulesPart();
        foreach (var (port, frontend) in ports.SelectMany(port => port.Frontends.Select(frontend => (port, frontend))))
        {
            Add(rules, port, frontend);
        }

        return rules;
    }

    private static void Add(RulesPart rules, ServicePort port, Frontend frontend)
    {
        if (!frontend.IsNodePort)
        {
            rules.Add("cluster_ips", $"{frontend.Address}");
        }

        if (frontend.Endpoints.Count > 0)
        {
            rules.Add("services", frontend.Key, $"goto {AddClass(rules, frontend, port.Affine)}");
            AddEndpoints(rules, frontend);
        }
        else if (frontend.IsNodePort)
        {
            // Nobody serves it: refused, so that clients need not wait. With Local others may serve it, so nothing is said (kube-proxy drops too).
            rules.Add(frontend.LocalOnly ? "silent_node_ports" : "unserved_node_ports", $"{frontend.Protocol.Lower()} . {frontend.Port}");
        }
    }

    // numgen's modulus is a constant of its rule: one chain for each number of endpoints in use.
    private static string AddClass(RulesPart rules, Frontend frontend, bool affine)
    {
        var count = frontend.Endpoints.Count;
        var keepsClient = frontend is { IsNodePort: true, LocalOnly: true };
        var name = $"{(keepsClient ? "local_" : "")}{(affine ? "affine" : "spread")}_{count}";
        var index = affine ? $"jhash ip saddr mod {count}" : $"numgen random mod {count}";
        rules.Add(new NftChain(name, null, [$"{(keepsClient ? $"ct mark set {KeepsClientMark} " : "")}meta mark set {index} dnat ip to {Key} . meta mark map @endpoints"]));
        return name;
    }

    private static void AddEndpoints(RulesPart rules, Frontend frontend)
    {
        for (var index = 0; index < frontend.Endpoints.Count; index++)
        {
            rules.Add("endpoints", $"{frontend.Key} . {index}", $"{frontend.Endpoints[index].Address} . {frontend.Endpoints[index].Port}");
        }
    }
}
