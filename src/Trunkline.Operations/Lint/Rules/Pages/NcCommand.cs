using System.Globalization;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint.Rules.Pages;

/// <summary>A call of nc (ncat, netcat) within a command, with what it is asked to do.</summary>
internal sealed class NcCommand
{
    private const string WithValue = "wpsecigGmoxX";

    private NcCommand(ShellLine line) => Line = line;

    /// <summary>The command.</summary>
    public ShellLine Line { get; }

    /// <summary>Whether it listens.</summary>
    public bool Listens { get; private set; }

    /// <summary>Whether it goes on after the first association.</summary>
    public bool KeepsOpen { get; private set; }

    /// <summary>Whether it speaks SCTP.</summary>
    public bool IsSctp { get; private set; }

    /// <summary>Whether it speaks neither TCP nor SCTP.</summary>
    public bool IsOther { get; private set; }

    /// <summary>The host that it connects to; null where it names none.</summary>
    public string? Host { get; private set; }

    /// <summary>The port; null where it names none as a number.</summary>
    public int? Port { get; private set; }

    /// <summary>The Pod within which it runs, where the command itself says so (exec, rsh).</summary>
    public string? Pod { get; private set; }

    /// <summary>Whether it connects to somebody.</summary>
    public bool IsProbe => !Listens && Host is not null;

    /// <summary>The call that a command holds; null when it holds none.</summary>
    public static NcCommand? Of(ShellLine line)
    {
        if (line.IsOutput || line.Heredoc is not null)
        {
            return null;
        }

        var words = line.Words;
        var at = -1;
        for (var i = 0; i < words.Count && at < 0; i++)
        {
            at = words[i] is "nc" or "ncat" or "netcat" && IsCommandAt(words, i) ? i : -1;
        }

        if (at < 0)
        {
            return null;
        }

        var made = new NcCommand(line) { Pod = PodOf(words, at) };
        made.Read(words, at + 1);
        return made;
    }

    /// <summary>The Pod in which a shell or command is started: <c>oc rsh NAME</c>, <c>kubectl exec -it NAME -- …</c>; null otherwise.</summary>
    public static string? PodOf(IReadOnlyList<string> words, int end)
    {
        for (var i = 0; i + 1 < end; i++)
        {
            if (words[i] is not ("oc" or "kubectl") || !words.Take(end).Skip(i).Any(word => word is "rsh" or "exec" or "debug"))
            {
                continue;
            }

            for (var j = i + 1; j < end && words[j] != "--"; j++)
            {
                if (words[j] is "-n" or "--namespace" or "-c" or "--container" or "--context")
                {
                    j++;
                }
                else if (words[j][0] != '-' && words[j] is not ("rsh" or "exec" or "debug"))
                {
                    return words[j][(words[j].LastIndexOf('/') + 1)..];
                }
            }
        }

        return null;
    }

    // First of its pipe, or behind what starts another command.
    private static bool IsCommandAt(IReadOnlyList<string> words, int i) =>
        i == 0 || words[i - 1] is "--" or "|" or ";" or "&" or "sudo" or "do" or "then" or "&&" or "exec" || words.Take(i).Any(word => word is "exec" or "rsh" or "timeout" or "run" or "netns")
        || words.Take(i).All(word => word.Contains('=', StringComparison.Ordinal));

    private void Read(IReadOnlyList<string> words, int first)
    {
        var places = new List<string>();
        for (var i = first; i < words.Count && words[i] is not ("|" or ";" or "&"); i++)
        {
            var word = words[i];
            if (word.Contains('>', StringComparison.Ordinal) && !word.StartsWith('<') || (word.StartsWith('<') && !word.EndsWith('>')))
            {
                i += word is "<" or ">" or ">>" or "2>" ? 1 : 0;
            }
            else if (word.StartsWith("--", StringComparison.Ordinal))
            {
                Long(word);
                i += word is "--wait" or "--source" or "--source-port" or "--exec" or "--sh-exec" or "--idle-timeout" or "--delay" ? 1 : 0;
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                Short(word);
                i += WithValue.Contains(word[^1], StringComparison.Ordinal) ? 1 : 0;
            }
            else
            {
                places.Add(word);
            }
        }

        var port = places.FindLastIndex(place => int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        Port = port >= 0 ? int.Parse(places[port], CultureInfo.InvariantCulture) : null;
        Host = places.Count > 0 && port != 0 ? places[0] : null;
    }

    private void Long(string word)
    {
        IsSctp |= word == "--sctp";
        Listens |= word == "--listen";
        KeepsOpen |= word == "--keep-open";
        IsOther |= word is "--udp" or "--unixsock" or "--vsock";
    }

    private void Short(string word)
    {
        Listens |= word.Contains('l', StringComparison.Ordinal);
        KeepsOpen |= word.Contains('k', StringComparison.Ordinal);
        IsOther |= word.Contains('u', StringComparison.Ordinal) || word.Contains('U', StringComparison.Ordinal);
    }
}
