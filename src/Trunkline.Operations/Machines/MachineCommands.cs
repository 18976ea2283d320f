using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Machines;

/// <summary>Short forms for what is often run on a machine.</summary>
public static class MachineCommands
{
    /// <summary>Runs a program to its end.</summary>
    public static async Task<ExecResult> RunAsync(this IMachines machines, string machine, IReadOnlyList<string> command, CancellationToken cancel)
    {
        await using var process = await machines.StartAsync(machine, command, output: null);
        return await process.WaitAsync(cancel);
    }

    /// <summary>Runs a program that must succeed, and gives its output.</summary>
    /// <exception cref="ClusterException">It ended with another status than 0.</exception>
    public static async Task<string> ReadAsync(this IMachines machines, string machine, IReadOnlyList<string> command, CancellationToken cancel)
    {
        var result = await machines.RunAsync(machine, command, cancel);
        return result.ExitCode == 0
            ? result.Output
            : throw new ClusterException($"`{string.Join(' ', command)}` on {machine} ended with {result.ExitCode}: {result.Error.Trim()}");
    }
}
