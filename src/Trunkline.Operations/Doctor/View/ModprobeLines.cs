namespace Trunkline.Operations.Doctor.View;

/// <summary>What lines of modprobe.d say of the module sctp.</summary>
internal static class ModprobeLines
{
    /// <summary>
    /// Whether a line keeps sctp from being loaded: <c>blacklist sctp</c> (modprobe.d(5): honoured by systemd-modules-load and by loading on demand), or an
    /// <c>install</c> line that runs something else in its place.
    /// </summary>
    public static bool KeepsOut(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is
        ["blacklist", "sctp", ..] or ["install", "sctp", "/bin/true" or "/bin/false" or "/usr/bin/true" or "/usr/bin/false", ..];
}
