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

    /// <summary>The namespaces a lab of these nodes has.</summary>
    public static IReadOnlyList<string> Namespaces(IReadOnlyList<LabNode> nodes) => [Rack, .. nodes.Select(node => node.Name), External];

    /// <summary>Run inside the rack: the bridge, and a port for each machine whose other end, eth0, is put into the machine's namespace.</summary>
    public static IReadOnlyList<string> RackCommands(IReadOnlyList<LabNode> nodes, Func<string, string> namespacePath)
    {
        var commands = new List<string> { "link set lo up", $"link add {Bridge} type bridge forward_delay 0" };
        var machines = nodes.Select(node => node.Name).Append(External).ToArray();
        for (var i = 0; i < machines.Length; i++)
        {
            // Names of interfaces have at most 15 characters: numbers, not nodes' names.
            commands.Add($"link add port{i} type veth peer name eth0 netns {namespacePath(machines[i])}");
            commands.Add($"link set port{i} alias {machines[i]} master {Bridge} up");
        }

        commands.Add($"link set {Bridge} up");
        return commands;
    }

    /// <summary>Run inside a machine's namespace. No default route: there is nowhere to go but the rack.</summary>
    public static IReadOnlyList<string> MachineCommands(string address) =>
        ["link set lo up", $"addr add {address}/{PrefixLength} dev eth0", "link set eth0 up"];
}
