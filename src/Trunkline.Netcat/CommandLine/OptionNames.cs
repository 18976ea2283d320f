namespace Trunkline.Netcat.CommandLine;

/// <summary>The options we know: Ncat's letters and long names. A long name may be shortened while it stays unambiguous, as getopt_long does.</summary>
internal static class OptionNames
{
    private static readonly Dictionary<string, (char Key, bool TakesValue)> _long = new(StringComparer.Ordinal)
    {
        ["listen"] = ('l', false),
        ["keep-open"] = ('k', false),
        ["source-port"] = ('p', true),
        ["source"] = ('s', true),
        ["wait"] = ('w', true),
        ["idle-timeout"] = ('i', true),
        ["verbose"] = ('v', false),
        ["udp"] = ('u', false),
        ["sctp"] = ('S', false),
        ["nodns"] = ('n', false),
        ["exec"] = ('e', true),
        ["sh-exec"] = ('c', true),
        ["crlf"] = ('C', false),
        ["max-conns"] = ('m', true),
        ["send-only"] = ('O', false),
        ["recv-only"] = ('R', false),
        ["no-shutdown"] = ('N', false),
        ["help"] = ('h', false),
        ["version"] = ('V', false),
    };

    // S, O, R, N and V are our own keys for names that have no letter; they are not letters of the command line.
    private static readonly Dictionary<char, bool> _short = new()
    {
        ['l'] = false,
        ['k'] = false,
        ['p'] = true,
        ['s'] = true,
        ['w'] = true,
        ['i'] = true,
        ['v'] = false,
        ['z'] = false,
        ['4'] = false,
        ['6'] = false,
        ['u'] = false,
        ['n'] = false,
        ['e'] = true,
        ['c'] = true,
        ['C'] = false,
        ['m'] = true,
        ['h'] = false,
    };

    internal static bool IsShort(char letter, out bool takesValue) => _short.TryGetValue(letter, out takesValue);

    internal static (char Key, bool TakesValue, string Name) FindLong(string program, string given)
    {
        if (_long.TryGetValue(given, out var exact))
        {
            return (exact.Key, exact.TakesValue, given);
        }

        var matches = _long.Where(pair => given.Length > 0 && pair.Key.StartsWith(given, StringComparison.Ordinal)).ToList();
        return matches.Count switch
        {
            1 => (matches[0].Value.Key, matches[0].Value.TakesValue, matches[0].Key),
            0 => throw OptionParser.Complaint($"{program}: unrecognized option '--{given}'"),
            _ => throw OptionParser.Complaint($"{program}: option '--{given}' is ambiguous; possibilities: {string.Join(' ', matches.Select(m => $"'--{m.Key}'"))}"),
        };
    }
}
