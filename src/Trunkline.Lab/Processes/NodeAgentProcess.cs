using Trunkline.Node;
using Trunkline.Node.Agent;

namespace Trunkline.Lab.Processes;

/// <summary>The node agent as a process: it finds all it needs in its node's /etc.</summary>
public static class NodeAgentProcess
{
    private const string ConfigurationFile = "/etc/trunkline/node.json";

    /// <summary>Runs until cancelled.</summary>
    public static async Task RunAsync(TimeProvider time, CancellationToken cancel)
    {
        var config = NodeConfig.Load(ConfigurationFile);
        using var loggers = ProcessLog.Create();
        var collector = QuietCollector.RunAsync(time, cancel);
        await await Task.WhenAny(NodeAgent.RunAsync(config, loggers, time, cancel), collector);
    }
}
