namespace Trunkline.Operations.Cluster;

/// <summary>What a command printed and how it ended.</summary>
/// <param name="ExitCode">Its exit status.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
public sealed record ExecResult(int ExitCode, string Output, string Error);
