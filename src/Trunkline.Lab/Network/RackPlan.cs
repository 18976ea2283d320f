namespace Trunkline.Lab.Network;

/// <summary>
/// The lab's network as batches for `ip`: a bridge in a namespace of its own, a cable from it to every node and to the host outside the
/// cluster. Pure: nothing here touches an interface, and nothing in it names the machine's own namespace.
/// </summary>
internal static class RackPlan
{
    public const string Rack = "rack";
    public const string External = "external";
    private const string Bridge = "rack0";
    private const int PrefixLength = 24;
    private const int PrefixLength6 = 64;

    /// <summary>
    /// The second and third rack: nothing but Ethernet, for secondary networks of Pods. No machine has an address there. Nodes have the third as their bridge br1.
    /// </summary>
    private static readonly (string Bridge, string Port, string Link)[] s_secondary = [("rack1", "second", "eth1"), ("rack2", "third", "eth2")];
    private const string NodeBridge = "br1";
    private const string Bridged = "eth2";

    /// <summary>A machine's links that carry nobody's IP but Pods'.</summary>
    public static IReadOnlyList<string> SecondaryLinks { get; } = [.. s_secondary.Select(rack => rack.Link), NodeBridge];

    /// <summary>The namespaces a lab of these nodes has.</summary>
    public static IReadOnlyList<string> Namespaces(IReadOnlyList<LabNode> nodes) => [Rack, .. nodes.Select(node => node.Name), External];

    /// <summary>Run inside the rack: the bridge, and a port for each machine whose other end, eth0, is put into the machine's namespace.</summary>
    public static IReadOnlyList<string> RackCommands(IReadOnlyList<LabNode> nodes, Func<string, string> namespacePath)
    {
        var commands = new List<string> { "link set lo up", $"link add {Bridge} type bridge forward_delay 0 mcast_snooping 0" };
        var machines = nodes.Select(node => node.Name).Append(External).ToArray();
        for (var i = 0; i < machines.Length; i++)
        {
            // Names of interfaces have at most 15 characters: numbers, not nodes' names.
            commands.Add($"link add port{i} type veth peer name eth0 netns {namespacePath(machines[i])}");
            commands.Add($"link set port{i} alias {machines[i]} master {Bridge} up");
        }

        commands.Add($"link set {Bridge} up");
        foreach (var (bridge, port, link) in s_secondary)
        {
            commands.Add($"link add {bridge} type bridge forward_delay 0");
            for (var i = 0; i < machines.Length; i++)
            {
                commands.Add($"link add {port}{i} type veth peer name {link} netns {namespacePath(machines[i])}");
                commands.Add($"link set {port}{i} alias {machines[i]} master {bridge} up");
            }

            commands.Add($"link set {bridge} up");
        }

        return commands;
    }

    /// <summary>Run inside a machine's namespace. No default route: there is nowhere to go but the rack.</summary>
    public static IReadOnlyList<string> MachineCommands(IReadOnlyList<string> addresses) =>
        ["link set lo up", .. addresses.Select(Add), "link set eth0 up"];

    /// <summary>
    /// Switches of a machine's namespace, written before its eth0 is up: addresses are given by the lab and good at once; nobody looks for routers or makes himself addresses.
    /// </summary>
    public static IReadOnlyList<(string Name, string Value)> MachineSwitches =>
    [
        .. ((string[])["all", "default", "eth0"]).SelectMany(link => ((string[])["disable_ipv6", "accept_ra", "accept_dad", "dad_transmits", "autoconf", "use_tempaddr", "router_solicitations"])
            .Select(name => ($"net/ipv6/conf/{link}/{name}", "0"))),
    ];

    /// <summary>Switches of the rack itself, which has ports and no address.</summary>
    public static IReadOnlyList<(string Name, string Value)> RackSwitches => [("net/ipv6/conf/all/disable_ipv6", "1"), ("net/ipv6/conf/default/disable_ipv6", "1")];

    /// <summary>Run inside a node's namespace once its secondary links keep silent (<see cref="Rack"/>): as an administrator's NMState policy would leave it.</summary>
    public static IReadOnlyList<string> SecondaryCommands { get; } =
    [
        $"link add {NodeBridge} type bridge forward_delay 0", $"link set {Bridged} master {NodeBridge}",
    ];

    /// <summary>Switches that keep a node's own IP off a secondary link, whatever a Pod sends there: no IPv6, no answer to ARP, nothing forwarded.</summary>
    public static IReadOnlyList<(string Name, string Value)> SecondarySwitches(string link) =>
    [
        ($"net/ipv6/conf/{link}/disable_ipv6", "1"), ($"net/ipv4/conf/{link}/arp_ignore", "8"), ($"net/ipv4/conf/{link}/forwarding", "0"),
        ($"net/ipv4/conf/{link}/rp_filter", "1"),
    ];

    private static string Add(string address) =>
        address.Contains(':', StringComparison.Ordinal) ? $"addr add {address}/{PrefixLength6} dev eth0 nodad" : $"addr add {address}/{PrefixLength} dev eth0";
}
