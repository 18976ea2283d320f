namespace Trunkline.Operations.Machines;

/// <summary>
/// Access to the machines under a cluster, beside its API: what an administrator has by ssh. The guide uses it only to look (captures, counters,
/// files) and to be a host outside the cluster.
/// </summary>
public interface IMachines
{
    /// <summary>The address of the host outside the cluster.</summary>
    string ExternalAddress { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="machine">The name of a Node, or <see cref="MachineNames.External"/>.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="output">Where its standard output goes; null to keep it.</param>
    Task<MachineProcess> StartAsync(string machine, IReadOnlyList<string> command, Stream? output);

    /// <summary>The process ids of a node as its machine numbers them, each with the time at which it began: an identity that no reboot can repeat.</summary>
    Task<IReadOnlySet<string>> ProcessesAsync(string machine);
}
