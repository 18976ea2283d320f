using Microsoft.AspNetCore.Http;

namespace Trunkline.Node.Streaming.Sessions;

/// <summary>What exec or attach is asked for. A kubelet's parameter names (input, output, error) and the API server's (stdin, stdout, stderr) mean the same.</summary>
internal sealed record StreamRequest(IReadOnlyList<string> Command, bool Stdin, bool Stdout, bool Stderr, bool Terminal)
{
    public static StreamRequest Parse(IQueryCollection query)
    {
        var terminal = Flag(query, "tty");
        return new StreamRequest(
            [.. query["command"].OfType<string>()],
            Flag(query, "input") || Flag(query, "stdin"),
            Flag(query, "output") || Flag(query, "stdout"),
            (Flag(query, "error") || Flag(query, "stderr")) && !terminal, // a terminal has one output
            terminal);
    }

    private static bool Flag(IQueryCollection query, string name) => query[name].ToString() is "true" or "1";
}
