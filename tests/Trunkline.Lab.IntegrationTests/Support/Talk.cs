namespace Trunkline.Lab.IntegrationTests.Support;

/// <summary>One short conversation by nc, as a shell script: what a server said, or how it was refused.</summary>
internal static class Talk
{
    public static readonly string[] Protocols = ["sctp", "tcp", "udp"];

    private static string Option(string protocol) => protocol switch
    {
        "sctp" => "--sctp",
        "udp" => "-u",
        _ => "",
    };

    /// <summary>Answers for as long as the Pod lives with <paramref name="words"/>, over all three protocols.</summary>
    public static string Serve(string words, int port) =>
        string.Concat(Protocols.Select(protocol => $"nc -l -k {Option(protocol)} {port} -c \"echo {words}\" & "));

    /// <summary>
    /// Prints the answer, "refused", nothing where there is silence for <paramref name="seconds"/>, or else what nc said. UDP has to wait a little for either.
    /// </summary>
    public static string To(string address, int port, string protocol, int seconds = 1)
    {
        var errors = $"/tmp/{protocol}{port}.err";
        return $"(echo x; sleep 0.6) | nc -w {seconds} {Option(protocol)} {address} {port} 2>{errors} || (grep -q refused {errors} && echo refused || grep -v TIMEOUT {errors} || true)";
    }

    /// <summary>Many at the same time; prints "protocol/port answer", sorted.</summary>
    public static string ToAll(string address, IEnumerable<(string Protocol, int Port)> targets, int seconds = 1) =>
        $"( {string.Concat(targets.Select(target => $"(r=$( {To(address, target.Port, target.Protocol, seconds)}); echo {target.Protocol}/{target.Port} $r) & "))} wait) | sort";
}
