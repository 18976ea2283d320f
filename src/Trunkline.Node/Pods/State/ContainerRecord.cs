namespace Trunkline.Node.Pods.State;

/// <summary>One container's life on this node: its present attempt and how the one before ended.</summary>
internal sealed class ContainerRecord
{
    public ContainerPhase Phase { get; set; }

    /// <summary>The runtime's id of the present attempt; empty before the first.</summary>
    public string Id { get; set; } = "";

    /// <summary>Restarts so far, and the present attempt's number.</summary>
    public int Attempt { get; set; }

    public DateTime StartedAt { get; set; }

    /// <summary>terminationMessagePolicy FallbackToLogsOnError.</summary>
    public bool LastWordsFromLog { get; set; }

    public Termination? Ended { get; set; }

    public Termination? Last { get; set; }

    /// <summary>Why it does not run, while it waits (a kubelet's reasons: ContainerCreating, CrashLoopBackOff, CreateContainerError, …).</summary>
    public string? WaitingReason { get; set; }

    public string? WaitingMessage { get; set; }

    /// <summary>When a container that could not be made is tried again.</summary>
    public DateTime RetryAt { get; set; }

    public RestartBackOff BackOff { get; init; } = new();
}
