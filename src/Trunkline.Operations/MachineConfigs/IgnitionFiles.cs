using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.MachineConfigs;

/// <summary>Reads the files of Ignition configurations, specs 2 and 3. What is malformed is read as far as it can be: the operator itself refuses it when it renders.</summary>
public static class IgnitionFiles
{
    // A module list is a few bytes; whoever packs more than this into one hides something else.
    private const int MostUnpacked = 1 << 20;

    /// <summary>The files of one MachineConfig.</summary>
    public static IEnumerable<IgnitionFile> Of(string name, JsonNode? machineConfig) =>
        from file in machineConfig.Field("spec").Field("config").Field("storage").Field("files").Objects()
        let path = file["path"].AsText()
        where path is not null
        select new IgnitionFile(path, Content(file["contents"]), name);

    /// <summary>A file's content; the empty string where none is given, null where it cannot be read.</summary>
    public static string? Content(JsonNode? contents)
    {
        if (contents.Field("source").AsText() is not { Length: > 0 } source)
        {
            return "";
        }

        var bytes = Decode(source);
        return bytes is null ? null
            : contents.Field("compression").AsText() == "gzip" ? Unzip(bytes)
            : Encoding.UTF8.GetString(bytes);
    }

    // RFC 2397: data:[type][;charset][;base64],data; without ;base64 the data is percent-encoded.
    private static byte[]? Decode(string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var data = Uri.UnescapeDataString(url[(comma + 1)..]);
        if (!url[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.UTF8.GetBytes(data);
        }

        var bytes = new byte[data.Length];
        return Convert.TryFromBase64String(data, bytes, out var length) ? bytes[..length] : null;
    }

    private static string? Unzip(byte[] bytes)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            var unpacked = new byte[MostUnpacked];
            return Encoding.UTF8.GetString(unpacked, 0, gzip.ReadAtLeast(unpacked, MostUnpacked, throwOnEndOfStream: false));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
