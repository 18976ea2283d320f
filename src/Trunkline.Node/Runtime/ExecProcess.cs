using k8s.Models;
using Trunkline.Node.Runtime.Oci;

namespace Trunkline.Node.Runtime;

/// <summary>One more process in a container, ready to be started: same user, capabilities and environment as the container's first.</summary>
internal sealed class ExecProcess : IDisposable
{
    private readonly string _processFile;

    private ExecProcess(string processFile, IReadOnlyList<string> command)
    {
        _processFile = processFile;
        Command = command;
    }

    /// <summary>To be run by the agent; its exit code is the process's.</summary>
    public IReadOnlyList<string> Command { get; }

    public static ExecProcess Prepare(ContainerMonitor monitor, V1Pod pod, V1Container container, string containerId, IReadOnlyList<string> arguments,
        IReadOnlyList<KeyValuePair<string, string>> environment, bool terminal)
    {
        var file = monitor.NewProcessFile(containerId);
        var process = OciSpecBuilder.Process(pod, container, arguments, environment, terminal, oomScoreAdjustment: null);
        File.WriteAllText(file, process.ToJsonString());
        return new ExecProcess(file, monitor.ExecCommand(containerId, file));
    }

    public void Dispose() => File.Delete(_processFile);
}
