using System.Text;
using System.Text.RegularExpressions;

namespace Trunkline.Operations.Lint.Sources;

/// <summary>Reads the commands of a shell fence or script: prompts, continued lines, heredocs, and what was printed.</summary>
internal static partial class ShellReader
{
    private const string Commands = "oc|kubectl|nc|ncat|netcat|cat|echo|dnf|yum|microdnf|apt|apt-get|sudo|modprobe|lsmod|ssh|helm|kustomize|curl|telnet|ping|ss|netstat|nmap|ip|for|while|export|cd|trunkline|sctp_test|sctp_darn|checksctp|chroot|exit|watch|until";

    /// <summary>The commands of a region, in order.</summary>
    public static List<ShellLine> Read(TextRegion region, Fence? fence)
    {
        var lines = new List<ShellLine>();
        for (var line = 0; line < region.LineCount; line++)
        {
            var text = region.Line(line).ToString();
            if (text.AsSpan().Trim().Length == 0)
            {
                continue;
            }

            var prompt = Prompt().Match(text);
            var indent = text.Length - text.TrimStart().Length;
            var begin = prompt.Success ? prompt.Length : indent;
            var (command, last) = Continued(region, line, text[begin..]);
            var heredoc = HeredocOf(region, command, last, indent);
            lines.Add(new ShellLine(region, region.Start(line) + begin, command, prompt.Success ? prompt.Groups["mark"].Value : null, text.Length - begin) { Fence = fence, Heredoc = heredoc?.Found });
            line = heredoc?.Last ?? last;
        }

        if (lines.Exists(line => line.Prompt is not null))
        {
            foreach (var line in lines.Where(line => line.Prompt is null && line.Heredoc is null))
            {
                line.IsOutput = true;
            }
        }

        var transcript = lines.Exists(line => line.IsOutput);
        lines.ForEach(line => line.IsInTranscript = transcript);
        return lines;
    }

    /// <summary>Whether a line begins with a prompt or with a command that pages on clusters use.</summary>
    public static bool IsPromptOrCommand(string line) => Prompt().IsMatch(line) || KnownCommand().IsMatch(line);

    private static (string Command, int Last) Continued(TextRegion region, int line, string first)
    {
        if (!first.EndsWith('\\') || line + 1 >= region.LineCount)
        {
            return (first, line);
        }

        var command = new StringBuilder(first, 0, first.Length - 1, first.Length);
        var last = line;
        while (last + 1 < region.LineCount)
        {
            var next = region.Line(++last);
            var more = next.EndsWith("\\", StringComparison.Ordinal);
            command.Append(' ').Append((more ? next[..^1] : next).TrimStart());
            if (!more)
            {
                break;
            }
        }

        return (command.ToString(), last);
    }

    private static (Heredoc Found, int Last)? HeredocOf(TextRegion region, string command, int line, int indent)
    {
        var match = HeredocStart().Match(command);
        if (!match.Success)
        {
            return null;
        }

        var word = match.Groups["word"].Value;
        var end = line + 1;
        while (end < region.LineCount && !region.Line(end).Trim().SequenceEqual(word))
        {
            end++;
        }

        var ended = end < region.LineCount;
        var endIndent = ended ? region.Line(end).Length - region.Line(end).TrimStart().Length : 0;
        var found = new Heredoc(word, match.Groups["word"].Index, match.Groups["quote"].Length > 0, region.Slice(line + 1, end, Math.Max(indent, endIndent)), ended, endIndent,
            match.Groups["dash"].Length > 0, ended ? region.Start(end) + endIndent : region.Text.Length);
        return (found, ended ? end : region.LineCount - 1);
    }

    [GeneratedRegex(@"(?<!<)<<(?<dash>-?)\s*(?<quote>['""\\]?)(?<word>[A-Za-z_][A-Za-z0-9_]*)", RegexOptions.CultureInvariant)]
    internal static partial Regex HeredocStart();

    [GeneratedRegex(@"^\s*(?:(?<mark>\$|>)\s+|(?<mark>[\w.-]*sh-[0-9.]+[#$])\s*|(?<mark>\[?[\w.-]+@[\w.-]+[^\]#$]*\]?[#$])\s+|(?<mark>#)\s+(?=(?:" + Commands + @")\s))", RegexOptions.CultureInvariant)]
    private static partial Regex Prompt();

    [GeneratedRegex(@"^\s*(?:" + Commands + @")(?:\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex KnownCommand();
}
