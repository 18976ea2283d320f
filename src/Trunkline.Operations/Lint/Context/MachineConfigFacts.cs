using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Context;

/// <summary>A MachineConfig.</summary>
public sealed class MachineConfigFacts
{
    /// <summary>Takes a MachineConfig.</summary>
    public MachineConfigFacts(LintDocument document)
    {
        Document = document;
        Role = document.Labels.GetValueOrDefault(RoleLabel);
        Files = [.. (document.Spec?.At("config", "storage", "files")).List().Where(file => file.Entries is not null)];
        IsSctp = Files.Any(file => IsBlacklist(file) || IsLoad(file));
        LiftsBlacklist = Files.Any(file => IsBlacklist(file) && !Content(file).Contains("sctp", StringComparison.Ordinal));
        Loads = Files.Any(file => IsLoad(file) && Content(file).Split(['\n', ' ', '\t']).Contains("sctp"));
    }

    /// <summary>The label that says which pools it is for.</summary>
    public const string RoleLabel = "machineconfiguration.openshift.io/role";

    /// <summary>The object.</summary>
    public LintDocument Document { get; }

    /// <summary>The role; null without the label.</summary>
    public string? Role { get; }

    /// <summary>The files that it writes.</summary>
    public IReadOnlyList<ManifestNode> Files { get; }

    /// <summary>Whether one of its files has to do with SCTP.</summary>
    public bool IsSctp { get; }

    /// <summary>Whether it empties the blacklist.</summary>
    public bool LiftsBlacklist { get; }

    /// <summary>Whether it loads the module at boot.</summary>
    public bool Loads { get; }

    /// <summary>Whether a file is the blacklist of SCTP (RHCOS: /etc/modprobe.d/sctp-blacklist.conf).</summary>
    public static bool IsBlacklist(ManifestNode file) => PathOf(file) is { } path && path.StartsWith("/etc/modprobe.d/", StringComparison.Ordinal) && path.Contains("sctp", StringComparison.Ordinal) && !path.Contains("sctp_diag", StringComparison.Ordinal);

    /// <summary>Whether a file lists SCTP among the modules that are loaded at boot.</summary>
    public static bool IsLoad(ManifestNode file) => PathOf(file) is { } path && path.StartsWith("/etc/modules-load.d/", StringComparison.Ordinal)
        && (path.Contains("sctp", StringComparison.Ordinal) || Content(file).Contains("sctp", StringComparison.Ordinal));

    /// <summary>Where a file is written.</summary>
    public static string? PathOf(ManifestNode file) => file["path"].WordOrNull();

    /// <summary>What a file holds (RFC 2397); compressed contents are not looked into.</summary>
    public static string Content(ManifestNode file)
    {
        var source = file.At("contents", "source").WordOrNull() ?? "";
        var comma = source.IndexOf(',', StringComparison.Ordinal);
        if (!source.StartsWith("data:", StringComparison.Ordinal) || comma < 0)
        {
            return "";
        }

        var data = source[(comma + 1)..];
        if (!source[..comma].EndsWith(";base64", StringComparison.Ordinal))
        {
            return Uri.UnescapeDataString(data);
        }

        var bytes = new byte[data.Length];
        return Convert.TryFromBase64String(data, bytes, out var length) ? System.Text.Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}
