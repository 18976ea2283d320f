namespace Trunkline.Node.Pods.State;

/// <summary>How an attempt of a container ended.</summary>
internal sealed record Termination(string ContainerId, int ExitCode, string Reason, string? Message, DateTime StartedAt, DateTime FinishedAt);
