namespace Trunkline.Node.Runtime.Processes;

/// <summary>What a program that ran to its end said.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>What went wrong, in the program's last words.</summary>
    public string Complaint => (Error.Length > 0 ? Error : Output).Trim() is { Length: > 0 } text ? text : $"exit code {ExitCode}";
}
