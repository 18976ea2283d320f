using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Doctor.View;

/// <summary>A file that a MachineConfig writes (Ignition 3 <c>storage.files</c>).</summary>
/// <param name="Path">Its path.</param>
/// <param name="Content">Its content; null where the source cannot be decoded.</param>
/// <param name="Mode">The mode as written; null without one.</param>
internal sealed record IgnitionFile(string Path, string? Content, JsonNode? Mode)
{
    private const int MostBytes = 1 << 20;

    /// <summary>Whether modprobe reads it.</summary>
    public bool IsModprobe => Path.StartsWith("/etc/modprobe.d/", StringComparison.Ordinal);

    /// <summary>Whether systemd-modules-load reads it.</summary>
    public bool IsModulesLoad => Path.StartsWith("/etc/modules-load.d/", StringComparison.Ordinal);

    /// <summary>Whether it is about SCTP by its name or by what it holds.</summary>
    public bool IsSctp => (IsModprobe || IsModulesLoad) && (System.IO.Path.GetFileName(Path).Contains("sctp", StringComparison.OrdinalIgnoreCase) || Lines.Any(line => line.Split(' ', '\t').Contains("sctp")));

    /// <summary>Whether the module is loaded at boot by it.</summary>
    public bool Loads => IsModulesLoad && Path.EndsWith(".conf", StringComparison.Ordinal) && Lines.Contains("sctp");

    /// <summary>Whether it keeps the module out.</summary>
    public bool Blacklists => IsModprobe && Lines.Any(ModprobeLines.KeepsOut);

    /// <summary>Its lines without comments and blanks.</summary>
    public IEnumerable<string> Lines => (Content ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] is not ('#' or ';'));

    /// <summary>Reads those of a MachineConfig's spec.</summary>
    public static IEnumerable<IgnitionFile> Of(JsonNode? spec) =>
        from file in spec.Field("config").Field("storage").Field("files").Objects()
        let contents = file["contents"]
        select new IgnitionFile(file["path"].AsText() ?? "", Decode(contents.Field("source").AsText() ?? "", contents.Field("compression").AsText() == "gzip"), file["mode"]);

    // RFC 2397: data:[type][;base64],text, percent-encoded where it is no base64.
    private static string? Decode(string source, bool zipped)
    {
        var comma = source.IndexOf(',', StringComparison.Ordinal);
        if (source.Length == 0)
        {
            return "";
        }

        if (!source.StartsWith("data:", StringComparison.Ordinal) || comma < 0)
        {
            return null;
        }

        try
        {
            var bytes = source[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase)
                ? Convert.FromBase64String(Uri.UnescapeDataString(source[(comma + 1)..]))
                : Encoding.UTF8.GetBytes(Uri.UnescapeDataString(source[(comma + 1)..]));
            return Encoding.UTF8.GetString(zipped ? Unzip(bytes) : bytes);
        }
        catch (Exception error) when (error is FormatException or InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Unzip(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        var text = new byte[MostBytes];
        return text[..gzip.ReadAtLeast(text, MostBytes, throwOnEndOfStream: false)];
    }
}
