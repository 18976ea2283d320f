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

    public static void Add(Ruleset rules, IReadOnlyList<ServicePort> services)
    {
        var classes = rules.Add(new NftSet("services", "type ipv4_addr . inet_proto . inet_service : verdict;") { IsMap = true });
        var endpoints = rules.Add(new NftSet("endpoints", $"typeof {Key} . meta mark : ip daddr . th dport;") { IsMap = true });
        var addresses = rules.Add(new NftSet("cluster_ips", "type ipv4_addr;"));
        var unserved = rules.Add(new NftSet("unserved_node_ports", "type inet_proto . inet_service;"));
        var silent = rules.Add(new NftSet("silent_node_ports", "type inet_proto . inet_service;"));
        foreach (var (service, frontend) in services.SelectMany(service => service.Frontends.Select(frontend => (service, frontend))))
        {
            var nodePort = $"{frontend.Protocol.Lower()} . {frontend.Port}";
            if (!frontend.IsNodePort)
            {
                addresses.Elements[$"{frontend.Address}"] = "";
            }

            if (frontend.Endpoints.Count > 0)
            {
                classes.Elements[frontend.Key] = $"goto {AddClass(rules, frontend, service.Affine)}";
                AddEndpoints(endpoints, frontend);
            }
            else if (frontend.IsNodePort)
            {
                // Nobody serves it: refused, so that clients need not wait. With Local others may serve it, so nothing is said (kube-proxy drops too).
                (frontend.LocalOnly ? silent : unserved).Elements[nodePort] = "";
            }
        }
    }

    // numgen's modulus is a constant of its rule: one chain for each number of endpoints in use.
    private static string AddClass(Ruleset rules, Frontend frontend, bool affine)
    {
        var count = frontend.Endpoints.Count;
        var keepsClient = frontend is { IsNodePort: true, LocalOnly: true };
        var name = $"{(keepsClient ? "local_" : "")}{(affine ? "affine" : "spread")}_{count}";
        var index = affine ? $"jhash ip saddr mod {count}" : $"numgen random mod {count}";
        rules.Add(new NftChain(name, null, [$"{(keepsClient ? $"ct mark set {KeepsClientMark} " : "")}meta mark set {index} dnat ip to {Key} . meta mark map @endpoints"]));
        return name;
    }

    private static void AddEndpoints(NftSet endpoints, Frontend frontend)
    {
        for (var index = 0; index < frontend.Endpoints.Count; index++)
        {
            endpoints.Elements[$"{frontend.Key} . {index}"] = $"{frontend.Endpoints[index].Address} . {frontend.Endpoints[index].Port}";
        }
    }
}
