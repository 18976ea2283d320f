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
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var collector = QuietCollector.RunAsync(time, stop.Token);
        await NodeAgent.RunAsync(config, loggers, time, cancel);
        await stop.CancelAsync();
        await collector.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // cancelled is how it ends
    }
}
