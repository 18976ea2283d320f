using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Network.Nft;

namespace Trunkline.Node.Network.Services;

/// <summary>
/// What one Service adds to the node's rules: flat maps, one from (address, protocol, port) to the number of the chain of its kind and count of endpoints, one from
/// (address, protocol, port, index) to the endpoint. A packet costs two lookups however many Services there are, and a change touches its own elements only. Pure.
/// </summary>
internal static class ServiceRules
{
    /// <summary>Bit of the flow's mark: its source becomes the node's when it leaves, so that the answer comes back through this node.</summary>
    public const int MasqueradeMark = 4;
    private const string Masquerade = "masquerade";

    /// <summary>
    /// The parts of one thing that is served, named so that, where several claim one key, what the cluster gave out (ClusterIPs and nodePorts, then load balancers'
    /// addresses) comes before what somebody wrote into a Service (externalIPs), and that before a Pod's hostPort; and among equals the first by namespace and name.
    /// </summary>
    /// <param name="key">Of the thing.</param>
    /// <param name="ports">What it serves.</param>
    /// <param name="node">Where.</param>
    /// <param name="has">Whether a frontend is the thing's own: source ranges of one who claims it in vain must not stand before another's.</param>
    public static IEnumerable<(string Name, RulesPart Part)> Parts(string key, IReadOnlyList<ServicePort> ports, NodeNetwork node, Func<Frontend, bool>? has = null)
    {
        yield return (PartName(1, key), Part(ports, node, has, kind => kind is FrontendKind.ClusterIp or FrontendKind.NodePort));
        yield return (PartName(2, key), Part(ports, node, has, kind => kind is FrontendKind.LoadBalancer));
        yield return (PartName(3, key), Part(ports, node, has, kind => kind is FrontendKind.ExternalIp));
        yield return (PartName(4, key), Part(ports, node, has, kind => kind is FrontendKind.HostPort));
    }

    /// <summary>The key of the thing of which this is a part's name.</summary>
    public static string ThingOf(string part) => part[PartName(1, "").Length..];

    private static string PartName(int rank, string key) => $"served/{rank}/{key}";

    private static RulesPart Part(IReadOnlyList<ServicePort> ports, NodeNetwork node, Func<Frontend, bool>? has, Func<FrontendKind, bool> which)
    {
        var part = new RulesPart();
        var addresses = new HashSet<IPAddress>();
        foreach (var service in ports)
        {
            foreach (var frontend in service.Frontends.Where(frontend => which(frontend.Kind)))
            {
                Add(part, service, frontend, node, has);

                // Of a ClusterIP all ports are the Service's. A load balancer's address may be a node's or a Pod's own, whose other ports are not ours to refuse.
                if (frontend.Kind is FrontendKind.ClusterIp && addresses.Add(frontend.Address))
                {
                    part.Add(ServiceFamily.Of(frontend.Address).Named("service_ips"), $"{frontend.Address}");
                }
            }
        }

        return part;
    }

    private static void Add(RulesPart part, ServicePort service, Frontend frontend, NodeNetwork node, Func<Frontend, bool>? has)
    {
        var family = ServiceFamily.Of(frontend.Address);
        if (frontend.Sources is { } sources && has?.Invoke(frontend) != false)
        {
            part.Add(family.Named("firewalled"), frontend.Key, $"goto {AddFirewall(part, family, sources)}");
        }

        if (frontend.Endpoints.Count == 0)
        {
            // Nobody serves it: refused, so that clients need not wait. With Local others may serve it, so nothing is said (kube-proxy drops too).
            part.Add(family.Named("unserved"), frontend.Key, frontend.Everywhere.Count > 0 ? "goto not_here" : "goto refuse");
        }

        var picks = new Picks(part, family, service);
        var chain = frontend switch
        {
            { Kind: FrontendKind.HostPort, Endpoints.Count: > 0 } => picks.Add(frontend, frontend.Endpoints, local: false),
            { IsExternal: true, LocalOnly: true, Everywhere.Count: > 0 } => AddLocal(part, family, frontend, picks, node),
            { IsExternal: true, Endpoints.Count: > 0 } => AddMasqueraded(part, family, picks.Add(frontend, frontend.Endpoints, local: false)),
            { Endpoints.Count: > 0 } => AddCluster(part, family, picks.Add(frontend, frontend.Endpoints, local: false), node),
            _ => null,
        };
        // Also where nobody serves it: the key is taken, and no other Service's externalIPs may have it meanwhile.
        part.Add(family.Named("services"), frontend.Key, AddClass(part, chain is null ? "accept" : $"goto {chain}"));
    }

    // Leads from the number that the map of Services gives to the chain. A map of ten thousand verdicts would be walked by the kernel, looking for loops, at every change.
    private static string AddClass(RulesPart part, string verdict)
    {
        var number = SharedText.Of(((uint)StableHash.Of(Encoding.ASCII.GetBytes(verdict))).ToString(CultureInfo.InvariantCulture));
        part.Add("service_classes", number, SharedText.Of(verdict));
        return number;
    }

    // A client that is no Pod may not know the way to Pods, nor they the way back to what it calls itself.
    private static string AddCluster(RulesPart part, ServiceFamily family, string pick, NodeNetwork node) => Add(part, $"cluster_{pick}",
    [
        $"{family.Word} saddr != {node.PodsOf(family)} ct mark set ct mark or {MasqueradeMark}",
        $"goto {pick}",
    ]);

    private static string AddMasqueraded(RulesPart part, ServiceFamily family, string pick) => Add(part, $"{Masquerade}_{pick}",
    [
        $"meta nfproto {(family == ServiceFamily.V4 ? "ipv4" : "ipv6")} ct mark set ct mark or {MasqueradeMark}",
        $"goto {pick}",
    ]);

    // externalTrafficPolicy Local speaks of the outside. This node's Pods and the node itself reach every endpoint; the node's own packets come from an address that
    // may be any of its own. Another node's Pod is treated as the outside while there is somebody here, and else is led on, coming back through this node.
    private static string AddLocal(RulesPart part, ServiceFamily family, Frontend frontend, Picks picks, NodeNetwork node)
    {
        var everywhere = picks.Add(frontend, frontend.Everywhere, local: false);
        var led = AddMasqueraded(part, family, everywhere);
        var here = frontend.Endpoints.Count > 0 ? picks.Add(frontend, frontend.Endpoints, local: true) : null;
        return Add(part, $"local_{here ?? "none"}_{everywhere}",
        [
            $"iifname \"p*\" goto {everywhere}",
            $"fib saddr type local goto {led}",
            here is null ? $"{family.Word} saddr {node.PodsOf(family)} goto {led}" : $"goto {here}",
        ]);
    }

    private static string AddFirewall(RulesPart part, ServiceFamily family, IReadOnlyList<IPNetwork> sources)
    {
        var allowed = sources.Where(range => range.BaseAddress.AddressFamily == (family == ServiceFamily.V4
            ? System.Net.Sockets.AddressFamily.InterNetwork : System.Net.Sockets.AddressFamily.InterNetworkV6)).Select(range => $"{family.Word} saddr {range} return").Distinct();
        string[] rules = [.. allowed.Order(StringComparer.Ordinal), "counter drop"];
        return Add(part, $"sources{family.Suffix}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rules))).AsSpan(0, 8))}", rules);
    }

    private static string Add(RulesPart part, string name, IReadOnlyList<string> rules)
    {
        part.Add(new NftChain(name, null, rules));
        return name;
    }
}
