using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Probes;

/// <summary>Reads what <c>nc -v</c> says.</summary>
public static class Netcat
{
    private static readonly (string Words, ProbeVerdict Verdict)[] s_words =
    [
        ("Protocol not supported", ProbeVerdict.NotSupported),
        ("Connection refused", ProbeVerdict.Refused),
        ("No route to host", ProbeVerdict.Unreachable),
        ("Protocol not available", ProbeVerdict.Unreachable),
        ("Network is unreachable", ProbeVerdict.Unreachable),
        ("TIMEOUT", ProbeVerdict.Silent),
        ("timed out", ProbeVerdict.Silent),
        ("Connected to", ProbeVerdict.Open),
    ];

    /// <summary>The verdict of one attempt to connect.</summary>
    /// <exception cref="ClusterException">The words are unknown; guessing would make a proof of nothing.</exception>
    public static ProbeVerdict Verdict(ExecResult result)
    {
        foreach (var (words, verdict) in s_words)
        {
            if (result.Error.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return verdict;
            }
        }

        throw new ClusterException($"nc ended with {result.ExitCode} and said nothing that tells what it saw: \"{result.Error.Trim()}\"");
    }

    /// <summary>The last thing nc said, for evidence.</summary>
    public static string LastWords(ExecResult result) =>
        result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()?.Trim() ?? $"exit status {result.ExitCode}";
}
