using System.Security.Cryptography;
using System.Text;
using Trunkline.Node.Network.Cluster;
using Trunkline.Policy.Model;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>
/// The same Services in the layout of kube-proxy 1.36's nftables mode (reference/cluster.md, section 7.1): a chain and a rule with an anonymous map for each port,
/// an element that leads to it, its ClusterIP, and its endpoints as hairpin connections.
/// </summary>
internal static class KubeProxyLayout
{
    public const string Name = "kube-proxy 1.36 layout, nft -f";
    private const string Table = "ip kube-proxy";

    private const string Skeleton = """
        table ip kube-proxy {
          set cluster-ips { type ipv4_addr; }
          set nodeport-ips { type ipv4_addr; elements = { 192.168.126.11 } }
          set hairpin-connections { type ipv4_addr . ipv4_addr . inet_proto . inet_service; }
          map service-ips { type ipv4_addr . inet_proto . inet_service : verdict; }
          map service-nodeports { type inet_proto . inet_service : verdict; }
          map no-endpoint-services { type ipv4_addr . inet_proto . inet_service : verdict; }
          map no-endpoint-nodeports { type inet_proto . inet_service : verdict; }
          map firewall-ips { type ipv4_addr . inet_proto . inet_service : verdict; }
          chain mark-for-masquerade { meta mark set meta mark or 0x4000; }
          chain services {
            ip daddr @cluster-ips ip saddr != 10.128.0.0/14 jump mark-for-masquerade
            ip daddr . meta l4proto . th dport vmap @service-ips
            ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports
          }
          chain firewall-check { ip daddr . meta l4proto . th dport vmap @firewall-ips; }
          chain service-endpoints-check { ip daddr . meta l4proto . th dport vmap @no-endpoint-services; }
          chain nodeport-endpoints-check { ip daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports; }
          chain cluster-ips-check { ip daddr @cluster-ips reject; ip daddr 172.30.0.0/16 drop; }
          chain filter-prerouting-pre-dnat { type filter hook prerouting priority -110; ct state new jump firewall-check; }
          chain filter-output-pre-dnat { type filter hook output priority -110; ct state new jump firewall-check; }
          chain nat-prerouting { type nat hook prerouting priority -100; jump services; }
          chain nat-output { type nat hook output priority -100; jump services; }
          chain nat-postrouting {
            type nat hook postrouting priority 100;
            meta mark and 0x4000 == 0x4000 meta mark set meta mark xor 0x4000 masquerade fully-random
            ip saddr . ip daddr . meta l4proto . th dport @hairpin-connections masquerade fully-random
          }
          chain filter-input { type filter hook input priority 0; ct state new jump nodeport-endpoints-check; ct state new jump service-endpoints-check; }
          chain filter-forward { type filter hook forward priority 0; ct state new jump service-endpoints-check; ct state new jump cluster-ips-check; }
          chain filter-output { type filter hook output priority 0; ct state new jump service-endpoints-check; ct state new jump cluster-ips-check; }
        }

        """;

    public static string Load(IEnumerable<ServiceState> services)
    {
        var script = new StringBuilder(Skeleton);
        foreach (var service in services)
        {
            var chain = Chain(service);
            script.Append($"add chain {Table} {chain}\n");
            AddRule(script, service, chain);
            var (address, port) = (service.Service.ClusterIps[0], service.Service.Ports[0]);
            script.Append($"add element {Table} cluster-ips {{ {address} }}\n");
            script.Append($"add element {Table} service-ips {{ {address} . {port.Protocol.Lower()} . {port.Port} : goto {chain} }}\n");
        }

        return script.ToString();
    }

    /// <summary>As its partial sync: the chain is emptied and filled again.</summary>
    public static string Change(ServiceState before, ServiceState after)
    {
        var script = new StringBuilder();
        var chain = Chain(after);
        script.Append($"flush chain {Table} {chain}\n");
        foreach (var hairpin in Hairpins(before))
        {
            script.Append($"delete element {Table} hairpin-connections {{ {hairpin} }}\n");
        }

        AddRule(script, after, chain);
        return script.ToString();
    }

    private static void AddRule(StringBuilder script, ServiceState service, string chain)
    {
        var endpoints = Endpoints(service).ToList();
        var map = string.Join(", ", endpoints.Select((endpoint, index) => $"{index} : {endpoint.Address} . {endpoint.Port}"));
        script.Append($"add rule {Table} {chain} meta l4proto {service.Service.Ports[0].Protocol.Lower()} dnat ip addr . port to numgen random mod {endpoints.Count} map {{ {map} }}\n");
        script.Append($"add element {Table} hairpin-connections {{ {string.Join(", ", Hairpins(service))} }}\n");
    }

    private static IEnumerable<string> Hairpins(ServiceState service) =>
        Endpoints(service).Select(endpoint => $"{endpoint.Address} . {endpoint.Address} . {service.Service.Ports[0].Protocol.Lower()} . {endpoint.Port}");

    private static IEnumerable<(System.Net.IPAddress Address, int Port)> Endpoints(ServiceState service) =>
        service.Slices.SelectMany(slice => slice.Endpoints.Select(endpoint => (endpoint.Address, slice.Ports[0].Port)));

    private static string Chain(ServiceState service)
    {
        var name = $"{service.Service.Namespace}/{service.Service.Name}/sctp/{service.Service.Ports[0].Name}";
        return $"service-{Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(name)).AsSpan(0, 4))}-{name}";
    }
}
