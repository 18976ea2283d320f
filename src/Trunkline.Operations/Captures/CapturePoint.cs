namespace Trunkline.Operations.Captures;

/// <summary>Where packets are watched.</summary>
/// <param name="Name">A name for files and messages.</param>
/// <param name="Machine">The machine on which tcpdump runs.</param>
/// <param name="NetworkNamespace">The path of a network namespace on that machine; null for the machine's own.</param>
public sealed record CapturePoint(string Name, string Machine, string? NetworkNamespace)
{
    /// <summary>The command by which a program runs at this point.</summary>
    public IReadOnlyList<string> Enter(params IEnumerable<string> command) =>
        NetworkNamespace is null ? [.. command] : ["nsenter", $"--net={NetworkNamespace}", .. command];
}
