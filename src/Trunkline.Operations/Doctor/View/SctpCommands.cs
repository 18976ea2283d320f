using System.Text.RegularExpressions;

namespace Trunkline.Operations.Doctor.View;

/// <summary>Command lines that speak SCTP, and what ncat's words mean.</summary>
internal static partial class SctpCommands
{
    /// <summary>Whether a command line uses SCTP: ncat's --sctp, lksctp's and usrsctp's programs, socat, iperf3.</summary>
    public static bool Speaks(string line) => Known().IsMatch(line);

    /// <summary>The calls of nc or ncat in a command line, each up to the next separator of the shell.</summary>
    public static IEnumerable<string> Netcats(string line) => Netcat().Matches(line).Select(match => match.Value.Trim());

    /// <summary>Whether a call of nc listens.</summary>
    public static bool Listens(string call) => Listen().IsMatch(call);

    /// <summary>Whether a call of nc has a short option, alone or among others (<c>-lk4</c>).</summary>
    public static bool Has(string call, char option) => Options().Matches(call).Any(match => match.Groups[1].Value.Contains(option, StringComparison.Ordinal));

    /// <summary>The port at which a listening nc stands; null where it cannot be read.</summary>
    public static int? ListenPort(string call) => ListenNumber().Match(call) is { Success: true } match
        && int.TryParse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;

    /// <summary>The loopback address to which a listening program is bound by its words; null without one.</summary>
    public static string? Loopback(string call) => LoopbackAddress().Match(call) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(@"--sctp\b|\bsctp_(test|darn|status)\b|\bchecksctp\b|\bsctptest\b|\bsocat\b.*\bSCTP\d?-|\biperf3\b.*--sctp|\bSCTP-LISTEN\b", RegexOptions.IgnoreCase, 200)]
    private static partial Regex Known();

    [GeneratedRegex(@"(?<![\w./-])(?:/\S*/)?n(?:cat|c)(?=\s)[^|;&\n<>)]*", RegexOptions.None, 200)]
    private static partial Regex Netcat();

    [GeneratedRegex(@"(?:^|\s)(?:-[a-zA-Z0-9]*l[a-zA-Z0-9]*|--listen)(?=\s|$)", RegexOptions.None, 200)]
    private static partial Regex Listen();

    [GeneratedRegex(@"(?:^|\s)-([a-zA-Z0-9]+)(?=\s|$)", RegexOptions.None, 200)]
    private static partial Regex Options();

    [GeneratedRegex(@"(?<![\w.:-])(\d{1,5})(?![\w.:])", RegexOptions.RightToLeft, 200)]
    private static partial Regex ListenNumber();

    [GeneratedRegex(@"(?<![\d.])127\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])|(?<=\s)::1(?=\s|$)|(?<=\s)localhost(?=\s|$)", RegexOptions.None, 200)]
    private static partial Regex LoopbackAddress();
}
