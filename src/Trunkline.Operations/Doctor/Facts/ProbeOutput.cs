using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Trunkline.Operations.Doctor.View;

namespace Trunkline.Operations.Doctor.Facts;

/// <summary>
/// What a probe printed: files, each under a line <c>=== PATH</c>. It comes from inside a Pod, so it may be anything: what cannot be read as expected is as if it were not there.
/// </summary>
public sealed partial class ProbeOutput
{
    private const string Mark = "=== ";
    private const string UserSpaceSocket = "/run/trunkline-sctp/sctp.sock";
    private const int MostEntries = 10_000;
    private const int ListenState = 10;
    private readonly Dictionary<string, List<string>> _files = new(StringComparer.Ordinal);

    /// <summary>Takes it apart.</summary>
    /// <param name="text">The output.</param>
    public ProbeOutput(string text)
    {
        List<string>? lines = null;
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                _files[line[Mark.Length..].Trim()] = lines = [];
            }
            else
            {
                lines?.Add(line);
            }
        }
    }

    /// <summary>Whether the probe reached its end.</summary>
    public bool IsWhole => _files.ContainsKey("end");

    /// <summary>What it says of the node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="readBy">How it was read.</param>
    /// <param name="onHost">Whether it ran on the node's own network, so that conntrack is the node's.</param>
    public NodeFacts Node(string node, string readBy, bool onHost) => new(node, readBy)
    {
        KernelSctp = Lines("/proc/net/protocols") is { } protocols ? protocols.Any(line => line.StartsWith("SCTP", StringComparison.Ordinal)) : null,
        UserSpaceSctp = _files.ContainsKey(UserSpaceSocket),
        ModuleLoaded = Lines("/proc/modules") is { } modules ? modules.Any(line => line.StartsWith("sctp ", StringComparison.Ordinal)) : null,
        Blacklist = Folder("/etc/modprobe.d", ModprobeLines.KeepsOut, (path, line) => $"{path}: {line}"),
        LoadedAtBoot = Folder("/etc/modules-load.d", line => line == "sctp", (path, _) => path),
        ModuleOnDisk = Lines("module") is [var where, ..] ? where.Trim() != "missing" : null,
        ConntrackSctp = _files.ContainsKey("/proc/sys/net/netfilter/nf_conntrack_max") ? _files.ContainsKey("/proc/sys/net/netfilter/nf_conntrack_sctp_timeout_established") : null,
        ConntrackInvalid = onHost ? Invalid() : null,
        Conntrack = onHost && Lines("conntrack") is { } entries ? [.. entries.Take(MostEntries).Select(Entry).OfType<ConntrackEntry>()] : null,
        ChecksumErrors = onHost ? Checksums() : null,
    };

    /// <summary>What it says of the Pod in which it ran.</summary>
    /// <param name="ns">The Pod's namespace.</param>
    /// <param name="pod">Its name.</param>
    /// <param name="readBy">How it was read.</param>
    public PodFacts Pod(string ns, string pod, string readBy) => new(ns, pod, readBy)
    {
        Listeners = Lines("/proc/net/sctp/eps") is { } eps ? [.. eps.Skip(1).Select(Listener).OfType<SctpListener>()] : null,
        Mtu = Lines("/sys/class/net/eth0/mtu") is [var mtu, ..] && int.TryParse(mtu.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null,
        ChecksumErrors = Checksums(),
        SocketOpened = Lines("active") is { } said ? !said.Any(line => line.Contains("not supported", StringComparison.OrdinalIgnoreCase)) : null,
    };

    private List<string>? Lines(string file) => _files.GetValueOrDefault(file);

    // The node's folders are seen below another root: /host in a debug Pod, /rootfs in OpenShift's machine-config-daemon.
    private List<string>? Folder(string folder, Func<string, bool> isHit, Func<string, string, string> tell)
    {
        if (!_files.ContainsKey($"folder {folder}"))
        {
            return null;
        }

        return [.. from file in _files
                   let at = file.Key.IndexOf(folder, StringComparison.Ordinal)
                   where at >= 0 && file.Key.EndsWith(".conf", StringComparison.Ordinal)
                   from line in file.Value
                   let trimmed = line.Trim()
                   where isHit(trimmed)
                   select tell(file.Key[at..], trimmed)];
    }

    // Columns of hexadecimal numbers, one row a processor, under a header.
    private long? Invalid()
    {
        if (Lines("/proc/net/stat/nf_conntrack") is not { Count: > 1 } rows)
        {
            return null;
        }

        var column = Array.IndexOf(Words(rows[0]), "invalid");
        return column < 0 ? null : rows.Skip(1).Select(Words).Sum(row => row.Length > column && long.TryParse(row[column], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var count) && count is >= 0 and <= uint.MaxValue ? count : 0);
    }

    private long? Checksums() => Lines("/proc/net/sctp/snmp")?.Select(Words).FirstOrDefault(row => row is ["SctpChecksumErrors", _]) is [_, var count]
        && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var errors) ? errors : null;

    // ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS...
    private static SctpListener? Listener(string line) => Words(line) is [_, _, _, var state, _, var port, _, _, .. var addresses]
        && int.TryParse(state, NumberStyles.None, CultureInfo.InvariantCulture, out var now) && now == ListenState && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new SctpListener(number, [.. addresses.Select(address => IPAddress.TryParse(address.TrimStart('*'), out var parsed) ? $"{parsed}" : address)])
            : null;

    private static ConntrackEntry? Entry(string line)
    {
        if (!line.Contains("sctp", StringComparison.Ordinal))
        {
            return null;
        }

        var (addresses, ports) = (Pairs(line, "src", "dst"), Pairs(line, "sport", "dport"));
        var state = Words(line).FirstOrDefault(word => word.Length > 3 && word.All(c => char.IsAsciiLetterUpper(c) || c == '_')) ?? "";
        return addresses is [var source, var destination, var replySource, var replyDestination, ..] && ports is [var sport, var dport, var replySport, ..]
            && ushort.TryParse(sport, out var from) && ushort.TryParse(dport, out var to) && ushort.TryParse(replySport, out var answer)
                ? new ConntrackEntry(state, source, from, destination, to, replySource, answer, replyDestination)
                : null;
    }

    private static List<string> Pairs(string line, string one, string other) => [.. Pair().Matches(line).Where(match => match.Groups[1].Value == one || match.Groups[1].Value == other).Select(match => match.Groups[2].Value)];

    private static string[] Words(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\b(src|dst|sport|dport)=(\S+)", RegexOptions.None, 500)]
    private static partial Regex Pair();
}
