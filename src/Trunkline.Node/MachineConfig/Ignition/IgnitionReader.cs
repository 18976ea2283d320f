using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;

namespace Trunkline.Node.MachineConfig.Ignition;

/// <summary>
/// The files of a rendered MachineConfig's Ignition (spec 3). systemd units are files, too. What a daemon cannot bring about on a running node
/// (disks, directories, links, users) is refused by name. Pure.
/// </summary>
internal static class IgnitionReader
{
    internal const int DefaultMode = 420; // 0644, the operator's default
    private const int LargestFile = 16 * 1024 * 1024; // a gzip bomb must not fill the node

    public static IReadOnlyList<IgnitionFile> Files(JsonElement config)
    {
        var files = new Dictionary<string, IgnitionFile>(StringComparer.Ordinal);
        if (config.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        if (config.TryGetProperty("storage", out var storage))
        {
            foreach (var unsupported in (string[])["disks", "raid", "filesystems", "luks", "directories", "links"])
            {
                if (Items(storage, unsupported).Any())
                {
                    throw new InvalidDataException($"ignition {unsupported} section contains changes");
                }
            }

            foreach (var item in Items(storage, "files"))
            {
                var file = File(item);
                files[file.Path] = file;
            }
        }

        foreach (var unit in config.TryGetProperty("systemd", out var systemd) ? Items(systemd, "units") : default)
        {
            foreach (var file in SystemdUnits.Files(unit))
            {
                files[file.Path] = file;
            }
        }

        return [.. files.Values.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static IgnitionFile File(JsonElement item)
    {
        var path = Text(item, "path") ?? throw new InvalidDataException("a file has no path");
        if (!path.StartsWith('/') || path.Split('/').Contains(".."))
        {
            throw new InvalidDataException($"{path} is not an absolute path");
        }

        if (Items(item, "append").Any())
        {
            throw new InvalidDataException($"{path}: ignition includes append, which is not supported");
        }

        var content = item.TryGetProperty("contents", out var contents) ? Content(contents) : [];
        return new IgnitionFile(path, content, item.TryGetProperty("mode", out var mode) && mode.ValueKind == JsonValueKind.Number ? mode.GetInt32() : DefaultMode,
            Owner(item, "user"), Owner(item, "group"));
    }

    private static byte[] Content(JsonElement contents)
    {
        var raw = DataUrl.Decode(Text(contents, "source") ?? "");
        return Text(contents, "compression") switch
        {
            null or "" => raw,
            "gzip" => Inflate(raw),
            var other => throw new InvalidDataException($"compression \"{other}\" is not known: only gzip is"),
        };
    }

    // GZipStream takes data that ends early for data that is all there; the trailer (RFC 1952, 2.3.1: ISIZE) says how much it should have been.
    private static byte[] Inflate(byte[] raw)
    {
        const int Shortest = 18; // header and trailer
        if (raw.Length < Shortest || raw[0] != 0x1F || raw[1] != 0x8B)
        {
            throw new InvalidDataException("contents.source is not gzip data, as contents.compression says it is");
        }

        using var gzip = new GZipStream(new MemoryStream(raw), CompressionMode.Decompress);
        var result = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (gzip.Read(buffer) is var read and > 0)
        {
            result.Write(buffer, 0, read);
            if (result.Length > LargestFile)
            {
                throw new InvalidDataException($"a file is larger than {LargestFile} bytes");
            }
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(raw.AsSpan(raw.Length - 4)) == result.Length
            ? result.ToArray()
            : throw new InvalidDataException("contents.source is gzip data that is cut short");
    }

    private static string? Owner(JsonElement item, string member)
    {
        if (!item.TryGetProperty(member, out var owner) || owner.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return owner.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number ? id.GetRawText() : Text(owner, "name");
    }

    internal static string? Text(JsonElement item, string member) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static JsonElement.ArrayEnumerator Items(JsonElement item, string member) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(member, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : default;
}
