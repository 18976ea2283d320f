using System.Text.Json.Nodes;

namespace Trunkline.Operations.Manifests;

/// <summary>Reads a YAML manifest as Kubernetes clients do.</summary>
public static class Manifest
{
    /// <summary>Reads the first document of a manifest.</summary>
    /// <exception cref="ManifestException">The text is not YAML, or not a mapping.</exception>
    public static JsonObject Parse(string yaml)
    {
        // "..." ends a document; clients read only what stands before it, so what follows must not disturb us either.
        foreach (var document in ManifestReader.Read(FirstDocument(yaml)))
        {
            return document.ToJson() as JsonObject ?? throw new ManifestException("the manifest holds no object", document.Start);
        }

        throw new ManifestException("the manifest holds no object");
    }

    /// <summary>Reads all objects of a manifest: of each document, and of each List the items.</summary>
    /// <exception cref="ManifestException">The text is not YAML.</exception>
    public static IEnumerable<JsonObject> ParseAll(string yaml)
    {
        foreach (var document in ManifestReader.Read(yaml))
        {
            if (document.ToJson() is not JsonObject root)
            {
                continue;
            }

            if (root["items"] is not JsonArray items)
            {
                yield return root;
                continue;
            }

            var objects = items.OfType<JsonObject>().ToList();
            items.Clear();
            foreach (var item in objects)
            {
                yield return item;
            }
        }
    }

    /// <summary>The manifest without the <c>...</c> lines by which the guide's text leaves things out.</summary>
    public static string WithoutEllipsis(string yaml) =>
        string.Join('\n', yaml.Split('\n').Where(line => line.TrimEnd() != "..."));

    private static string FirstDocument(string yaml) =>
        string.Join('\n', yaml.Split('\n').TakeWhile(line => line.TrimEnd() != "..."));
}
