using System.Net;
using System.Net.Sockets;
using System.Text;
using Trunkline.Policy.Addresses;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Secondary;

/// <summary>
/// The rules inside a Pod's own network namespace: policies on its secondary networks, and what keeps these apart from its eth0. A Pod cannot touch them: one that is on
/// secondary networks is refused NET_ADMIN (<see cref="Pods.Admission.ContainerRefusal"/>). With NET_RAW it can make any packet, so what leaves is looked at once more behind
/// everything a program can reach (<see cref="SecondarySources"/>).
/// Pure: one text, one transaction.
/// </summary>
internal static class SecondaryRules
{
    private const string Table = "inet trunkline";

    // A flow that did not begin with an INIT says nothing of who began the association: its packets are judged one by one, in both directions, as on the node
    // (Policies/PolicyRules). An INIT that is let through says it: behind the policies it takes the mark away.
    private const string PickedUp = "ct state new meta l4proto sctp sctp chunk init missing ct mark set ct mark or 2";
    private const string Begun = "meta l4proto sctp sctp chunk init exists ct mark and 2 == 2 ct mark set ct mark and 0xfffffffd";
    private const string Known = "ct mark and 2 == 0 ct state established,related accept";

    // Neighbour discovery is IPv6's ARP, which no policy judges; nor what a Pod says of the groups it listens to.
    private const string Neighbours = "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld2-listener-report } accept";

    // Of whichever of its interfaces: a multihomed SCTP sends from any of its addresses on any of its paths.
    private const string OwnSource = "fib saddr type != local counter drop";

    /// <param name="pod">The Pod with its networks.</param>
    /// <param name="clusterOn">The cluster as a network shows it.</param>
    public static string Script(NetworkedPod pod, Func<string, PolicyCluster> clusterOn)
    {
        var ingress = new List<string>();
        var egress = new List<string>();
        var chains = new StringBuilder();
        for (var i = 0; i < pod.Networks.Count; i++)
        {
            var (network, cluster) = (pod.Networks[i], clusterOn(pod.Networks[i].Network));
            AddChain(TrafficDirection.Ingress, $"in_{i}", "iifname", ingress);
            AddChain(TrafficDirection.Egress, $"out_{i}", "oifname", egress);

            void AddChain(TrafficDirection direction, string name, string interfaceKey, List<string> jumps)
            {
                if (Rules(cluster, pod.On(network.Network) ?? pod.Pod with { Addresses = [] }, direction) is { } rules)
                {
                    jumps.Add($"{interfaceKey} \"{network.Interface}\" goto {name}");
                    chains.Append(Chain(name, null, rules));
                }
            }
        }

        return $"add table {Table}\ndelete table {Table}\ntable {Table} {{\n{chains}"
            + Chain("received", "type filter hook input priority 0;",
            [
                "iifname { \"lo\", \"eth0\" } accept",

                // Each address is reached on its own network only: another way to eth0's would lead behind the node's policies.
                "fib daddr . iif type != { local, broadcast, multicast, anycast } counter drop",
                PickedUp, Neighbours, .. ingress,
            ])
            + Chain("sent", "type filter hook output priority 0;", ["oifname { \"lo\", \"eth0\" } accept", Neighbours, OwnSource, PickedUp, .. egress])
            + Chain("received_begun", "type filter hook input priority 10;", [Begun])
            + Chain("sent_begun", "type filter hook output priority 10;", [Begun])

            // A Pod joins networks for itself, not for others.
            + Chain("forwarded", "type filter hook forward priority 0;", ["counter drop"])
            + "}\n" + SecondarySources.Script(pod);
    }

    // Null where nothing isolates the Pod on the network.
    private static List<string>? Rules(PolicyCluster cluster, PolicyPod self, TrafficDirection direction)
    {
        var isolating = cluster.Isolating(self, direction);
        return isolating.Count == 0
            ? null
            : [Known, .. isolating.SelectMany(policy => policy.Rules(direction).SelectMany(rule => Translate(cluster, policy, rule, direction, self))).Distinct(), "counter drop"];
    }

    private static IEnumerable<string> Translate(PolicyCluster cluster, NetworkPolicy policy, PolicyRule rule, TrafficDirection direction, PolicyPod self)
    {
        var side = direction == TrafficDirection.Ingress ? "saddr" : "daddr";
        var ports = Ports(rule, direction, self).ToList();
        if (rule.Ports.Count == 0 || ports.Count > 0)
        {
            foreach (var peers in Peers(cluster, policy, rule, side))
            {
                foreach (var port in rule.Ports.Count == 0 ? [""] : ports)
                {
                    yield return $"{peers}{port}accept";
                }
            }
        }

        // A name means what the destination declares: for egress, each peer by itself.
        foreach (var port in rule.Ports.Where(port => port.Name is not null && direction == TrafficDirection.Egress))
        {
            foreach (var (owner, address) in Owners(cluster, policy, rule))
            {
                foreach (var number in Declared(owner, port))
                {
                    yield return $"{Family(address)} daddr {address} {Port(port.Protocol, $"{number}")}accept";
                }
            }
        }
    }

    private static IEnumerable<string> Ports(PolicyRule rule, TrafficDirection direction, PolicyPod self) => rule.Ports.SelectMany(port => port switch
    {
        { Name: not null } => direction == TrafficDirection.Ingress ? Declared(self, port).Select(number => Port(port.Protocol, $"{number}")) : [],
        { Number: null } => [$"meta l4proto {port.Protocol.Lower()} "],
        { Number: { } low, EndNumber: { } high } when high > low => [Port(port.Protocol, $"{low}-{high}")],
        _ => [Port(port.Protocol, $"{port.Number}")],
    });

    private static string Port(TransportProtocol protocol, string number) => $"meta l4proto {protocol.Lower()} th dport {number} ";

    private static IEnumerable<int> Declared(PolicyPod pod, PolicyPort port) =>
        pod.Ports.Where(declared => declared.Name == port.Name && declared.Protocol == port.Protocol).Select(declared => declared.Number);

    // No peers: everybody. Else one match a family, none where nobody matches.
    private static IEnumerable<string> Peers(PolicyCluster cluster, NetworkPolicy policy, PolicyRule rule, string side)
    {
        if (rule.Peers.Count == 0)
        {
            return [""];
        }

        var ranges = AddressRanges.Union(rule.Peers.SelectMany(peer => peer.IpBlock is { } block
            ? AddressRanges.Of(block)
            : cluster.Pods.Where(pod => cluster.Selects(peer, policy.Namespace, pod)).SelectMany(pod => pod.Addresses).Select(AddressRange.Of)));
        return new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 }
            .Select(family => (Key: family == AddressFamily.InterNetwork ? "ip" : "ip6", Ranges: ranges.In(family).ToList()))
            .Where(item => item.Ranges.Count > 0)
            .Select(item => $"{item.Key} {side} {{ {string.Join(", ", item.Ranges)} }} ");
    }

    private static IEnumerable<(PolicyPod Pod, IPAddress Address)> Owners(PolicyCluster cluster, NetworkPolicy policy, PolicyRule rule) =>
        cluster.Pods.SelectMany(pod => pod.Addresses.Where(address => rule.Peers.Count == 0
            || rule.Peers.Any(peer => peer.IpBlock?.Contains(address) ?? cluster.Selects(peer, policy.Namespace, pod))).Select(address => (pod, address)));

    private static string Family(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? "ip" : "ip6";

    private static string Chain(string name, string? hook, IEnumerable<string> rules) =>
        $"  chain {name} {{\n{(hook is null ? "" : $"    {hook}\n")}{string.Concat(rules.Select(rule => $"    {rule}\n"))}  }}\n";
}
