using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Objects;

/// <summary>
/// Reads the objects of a must-gather, an <c>oc adm inspect</c> or any other collection of manifests: a folder, a tar, a tar.gz, or one file. What is no manifest (logs) is passed over.
/// </summary>
public static class ArchiveObjects
{
    // An archive comes from elsewhere, and may be made to be larger than it looks.
    private const long MostOfAFile = 64L << 20;
    private const long MostOfAll = 1L << 30;

    /// <summary>Reads all objects of kinds that Trunkline knows.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="read">Told of the number of files read so far.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="ClusterException">There is no such file, it is no archive, it is larger than 1 GiB unpacked, or it holds no object.</exception>
    public static async Task<ClusterObjects> ReadAsync(string path, Action<int>? read, CancellationToken cancel)
    {
        var objects = new List<ClusterObject>();
        var unread = new List<UnreadFile>();
        var (files, size) = (0, 0L);
        try
        {
            await foreach (var (name, content) in FilesAsync(path, cancel))
            {
                size += content.Length;
                if (size > MostOfAll)
                {
                    throw new ClusterException($"{path} holds more than {MostOfAll >> 30} GiB of manifests; name a part of it.");
                }

                Read(name, content, objects, unread);
                read?.Invoke(++files);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ClusterException($"{path} cannot be read: {error.Message}", error);
        }

        return objects.Count > 0
            ? new ClusterObjects(objects, [], path) { UnreadFiles = unread }
            : throw new ClusterException($"{path} holds no object that Trunkline knows ({files} YAML and JSON files read{(unread.Count > 0 ? $"; {unread[0].File}: {unread[0].Why}" : "")}).");
    }

    private static async IAsyncEnumerable<(string Name, string Content)> FilesAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        if (Directory.Exists(path))
        {
            // Links are not followed: what they point to may be no part of the archive, or the archive itself.
            var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
            foreach (var file in Directory.EnumerateFiles(path, "*", options).Where(IsManifest).Order(StringComparer.Ordinal))
            {
                await using var stream = File.OpenRead(file);
                yield return (Path.GetRelativePath(path, file), await TextAsync(stream, file, cancel));
            }
        }
        else if (IsManifest(path))
        {
            await using var stream = File.OpenRead(path);
            yield return (Path.GetFileName(path), await TextAsync(stream, path, cancel));
        }
        else
        {
            await foreach (var file in TarAsync(path, cancel))
            {
                yield return file;
            }
        }
    }

    private static async IAsyncEnumerable<(string Name, string Content)> TarAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
        var head = new byte[2];
        var zipped = await file.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, cancel) == 2 && head is [0x1f, 0x8b];
        file.Position = 0;
        await using Stream content = zipped ? new GZipStream(file, CompressionMode.Decompress) : file;
        await using var tar = new TarReader(content);
        while (await tar.GetNextEntryAsync(copyData: false, cancel) is { } entry)
        {
            if (entry.DataStream is { } data && IsManifest(entry.Name))
            {
                yield return (entry.Name, await TextAsync(data, entry.Name, cancel));
            }
        }
    }

    private static bool IsManifest(string name) => Path.GetExtension(name) is ".yaml" or ".yml" or ".json";

    private static async Task<string> TextAsync(Stream stream, string name, CancellationToken cancel)
    {
        using var text = new MemoryStream();
        var part = new byte[81920];
        while (await stream.ReadAsync(part, cancel) is > 0 and var count)
        {
            if (text.Length + count > MostOfAFile)
            {
                throw new ClusterException($"{name} is larger than {MostOfAFile >> 20} MiB, as no manifest is.");
            }

            text.Write(part, 0, count);
        }

        return System.Text.Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length).TrimStart('\uFEFF');
    }

    private static void Read(string file, string text, List<ClusterObject> objects, List<UnreadFile> unread)
    {
        try
        {
            objects.AddRange(from document in Manifest.ParseAll(text)
                             let made = Of(document, file)
                             where made is not null
                             select made);
        }
        catch (ManifestException error)
        {
            unread.Add(new UnreadFile(file, error.Message));
        }
    }

    private static ClusterObject? Of(JsonObject document, string file)
    {
        var name = document["metadata"].Field("name").AsText();
        var kind = ResourceKinds.Of(document["apiVersion"].AsText() ?? "", document["kind"].AsText() ?? "");
        return kind is null || name is null ? null : new ClusterObject(kind, kind.Namespaced ? document["metadata"].Field("namespace").AsText() ?? "default" : null, name, document, file);
    }
}
