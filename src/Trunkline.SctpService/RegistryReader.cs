using System.Text.Json;

namespace Trunkline.SctpService;

/// <summary>Reads the registry directory. A file that cannot be read or makes no sense is told of and left out; the others count.</summary>
internal static class RegistryReader
{
    private const long MaxFileSize = 64 * 1024;

    internal static Dictionary<string, NamespaceEntry> Read(string directory, Action<string> log)
    {
        var entries = new Dictionary<string, NamespaceEntry>(StringComparer.Ordinal);
        if (!Directory.Exists(directory))
        {
            return entries;
        }

        foreach (var path in Directory.EnumerateFiles(directory, "*.json"))
        {
            try
            {
                if (TryRead(path) is { } entry)
                {
                    entries[path] = entry;
                }
                else
                {
                    log($"{path}: not a namespace (id, netns, directory)");
                }
            }
            catch (FileNotFoundException)
            {
                // Its Pod ended between the listing and now.
                continue;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
            {
                log($"{path}: {unreadable.Message}");
            }
        }

        return entries;
    }

    private static NamespaceEntry? TryRead(string path)
    {
        if (new FileInfo(path).Length > MaxFileSize)
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object && Text(root, "id") is { } id && Text(root, "netns") is { } netns && Text(root, "directory") is { } directory
            ? new NamespaceEntry(id, netns, directory)
            : null;
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
