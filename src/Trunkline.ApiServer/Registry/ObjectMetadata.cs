using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Registry;

/// <summary>Metadata of documents.</summary>
internal static class ObjectMetadata
{
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    private static readonly string[] Order =
    [
        "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers", "managedFields",
    ];

    public static JsonObject Metadata(this JsonObject document)
    {
        if (document["metadata"] is not JsonObject metadata)
        {
            document["metadata"] = metadata = [];
        }

        return metadata;
    }

    public static string Name(this JsonObject document) => (string?)document.Metadata()["name"] ?? "";

    public static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static bool IsDeleting(this JsonObject document) => Text(document.Metadata()["deletionTimestamp"]).Length > 0;

    public static bool HasFinalizers(this JsonObject document) => document.Metadata()["finalizers"] is JsonArray { Count: > 0 };

    public static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Leaves one of owner references that are the same, and says so, as apiserver does since 1.20.</summary>
    public static void DedupOwners(this JsonObject document, List<string> warnings)
    {
        if (document.Metadata()["ownerReferences"] is not JsonArray { Count: > 1 } owners)
        {
            return;
        }

        var kept = owners.DistinctBy(o => o?.ToJsonString()).ToList();
        if (kept.Count < owners.Count)
        {
            var twice = owners.GroupBy(o => o?.ToJsonString()).Where(g => g.Count() > 1).Select(g => Text(g.First()?["uid"])).Distinct();
            warnings.Add(
                ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; " +
                $"please fix your requests; duplicate UID(s) observed: {string.Join(", ", twice)}");
            document.Metadata()["ownerReferences"] = new JsonArray([.. kept.Select(o => o?.DeepClone())]);
        }
    }

    /// <summary>The name for a generateName prefix: five letters more, the whole no longer than a label may be.</summary>
    public static string Generate(string prefix) => prefix[..Math.Min(prefix.Length, 58)] + RandomNumberGenerator.GetString(Letters, 5);

    /// <summary>The document with kind, apiVersion and metadata first and metadata's fields in the order in which the real server writes them.</summary>
    public static JsonObject Arranged(JsonObject document, string kind, string apiVersion)
    {
        var metadata = document.Metadata();
        document.Remove("metadata");
        var arranged = new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion, ["metadata"] = Arranged(metadata) };
        foreach (var (name, value) in document.ToList())
        {
            if (name is not ("kind" or "apiVersion"))
            {
                document.Remove(name);
                arranged[name] = value;
            }
        }

        return arranged;
    }

    private static JsonObject Arranged(JsonObject metadata)
    {
        var arranged = new JsonObject();
        foreach (var name in Order)
        {
            if (metadata[name] is { } value)
            {
                metadata.Remove(name);
                arranged[name] = value;
            }
        }

        return arranged;
    }
}
