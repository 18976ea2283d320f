using System.Text.RegularExpressions;

namespace Trunkline.Operations.MachineConfigs;

/// <summary>The two files that switch SCTP on where it is blacklisted, and what their lines mean to modprobe and systemd-modules-load.</summary>
public static partial class ModuleFiles
{
    /// <summary>The file in which Red Hat's systems blacklist the module.</summary>
    public const string Blacklist = "/etc/modprobe.d/sctp-blacklist.conf";

    /// <summary>The file that has the module loaded at boot.</summary>
    public const string Load = "/etc/modules-load.d/sctp-load.conf";

    /// <summary>Whether a file has the module loaded at boot: modules-load.d(5), one name a line.</summary>
    public static bool Loads(string path, string? content) =>
        path.StartsWith("/etc/modules-load.d/", StringComparison.Ordinal) && path.EndsWith(".conf", StringComparison.Ordinal)
        && content is not null && content.Split('\n').Any(line => line.Trim() == "sctp");

    /// <summary>Whether a file keeps the module from being loaded: modprobe.d(5), <c>blacklist</c> and <c>install … /bin/true</c>.</summary>
    public static bool Blocks(string path, string? content) =>
        path.StartsWith("/etc/modprobe.d/", StringComparison.Ordinal) && path.EndsWith(".conf", StringComparison.Ordinal) && content is not null && BlockingLine().IsMatch(content);

    /// <summary>Whether these files together load the module and lift the blacklist.</summary>
    public static bool SwitchOn(IReadOnlyCollection<IgnitionFile> files) =>
        files.Any(file => Loads(file.Path, file.Content))
        && files.Any(file => file.Path == Blacklist && file.Content is not null) && !files.Any(file => Blocks(file.Path, file.Content));

    [GeneratedRegex(@"^[ \t]*(blacklist[ \t]+sctp[ \t]*\r?$|install[ \t]+sctp[ \t]+(/usr)?/bin/(true|false))", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex BlockingLine();
}
