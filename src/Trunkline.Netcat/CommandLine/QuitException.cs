namespace Trunkline.Netcat.CommandLine;

/// <summary>Ncat's <c>bye()</c>: a message, the word QUITTING and exit status 2.</summary>
public sealed class QuitException(string message) : Exception(message)
{
    /// <summary>A line printed before, without Ncat's prefix (getopt prints its own complaint first).</summary>
    public string? Preface { get; init; }
}
