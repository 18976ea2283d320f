using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Http;

namespace Trunkline.ApiServer.Storage;

/// <summary>One version of an object. Immutable: readers parse a document of their own from <see cref="Body"/>.</summary>
public sealed class StoredObject
{
    private StoredObject(ObjectKey key, long revision, byte[] body, JsonObject document)
    {
        Key = key;
        Revision = revision;
        Body = body;
        var metadata = document["metadata"] as JsonObject;
        Uid = (string?)metadata?["uid"] ?? "";
        Labels = Strings(metadata?["labels"]);
        Owners = metadata?["ownerReferences"] is JsonArray owners ? [.. owners.Select(o => (string?)o?["uid"] ?? "")] : [];
        Fields = SelectableFields.Of(key, document);
        Exclusive = ExclusiveValues.Of(key, document);
    }

    public ObjectKey Key { get; }

    /// <summary>metadata.resourceVersion.</summary>
    public long Revision { get; }

    /// <summary>The document as JSON in UTF-8.</summary>
    public byte[] Body { get; }

    public string Uid { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>UIDs of the owners.</summary>
    public IReadOnlyList<string> Owners { get; }

    /// <summary>Values that field selectors may ask for.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; }

    /// <summary>Values that nobody else may hold (<see cref="ExclusiveValues"/>).</summary>
    public IReadOnlyList<string> Exclusive { get; }

    public JsonObject Parse() => (JsonObject)JsonNode.Parse(Body)!;

    /// <summary>A version made now: the revision is written into the document.</summary>
    public static StoredObject Create(ObjectKey key, long revision, JsonObject document)
    {
        var metadata = (JsonObject)document["metadata"]!;
        var version = revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (metadata.ContainsKey("resourceVersion"))
        {
            metadata["resourceVersion"] = version;
        }
        else
        {
            // Where Go's encoder has it, also in the first version.
            metadata.Insert(metadata.IndexOf("uid") + 1, "resourceVersion", version);
        }

        return new StoredObject(key, revision, GoJson.ToBytes(document), document);
    }

    /// <summary>A version read back from the disk.</summary>
    public static StoredObject Load(ObjectKey key, long revision, byte[] body) =>
        new(key, revision, body, JsonNode.Parse(body) as JsonObject ?? throw new JsonException($"stored object {key.Resource} {key.Name} is not an object"));

    private static Dictionary<string, string> Strings(JsonNode? node)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node is JsonObject map)
        {
            foreach (var (name, value) in map)
            {
                result[name] = value is JsonValue text && text.TryGetValue<string>(out var s) ? s : "";
            }
        }

        return result;
    }
}
