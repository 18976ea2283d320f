namespace Trunkline.Lab;

/// <summary>How a program ended.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error);
