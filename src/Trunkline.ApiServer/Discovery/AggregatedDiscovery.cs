using System.Text.Json.Nodes;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Kinds;

namespace Trunkline.ApiServer.Discovery;

/// <summary>Discovery in one document (KEP-3352), in version v2 or v2beta1 as Accept asks.</summary>
internal static class AggregatedDiscovery
{
    /// <summary>The version asked for, or null where plain discovery is asked for first.</summary>
    public static string? Version(string accept)
    {
        foreach (var (type, parameters) in Negotiation.Entries(accept))
        {
            if (type != "application/json")
            {
                continue;
            }

            if (!parameters.TryGetValue("as", out var target))
            {
                return null;
            }

            if (target == "APIGroupDiscoveryList" && parameters.GetValueOrDefault("g") == "apidiscovery.k8s.io" && parameters.GetValueOrDefault("v") is "v2" or "v2beta1")
            {
                return parameters["v"];
            }
        }

        return null;
    }

    public static string ContentType(string version) => $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList";

    public static JsonObject Document(string version, bool core) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = "apidiscovery.k8s.io/" + version,
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. (core ? [""] : LegacyDiscovery.GroupNames()).Select(g => (JsonNode)Group(g))]),
    };

    private static JsonObject Group(string name)
    {
        var metadata = new JsonObject();
        if (name.Length > 0)
        {
            metadata["name"] = name;
        }

        metadata["creationTimestamp"] = null;
        return new JsonObject
        {
            ["metadata"] = metadata,
            ["versions"] = new JsonArray([.. KindCatalog.All.Where(k => k.Group == name).GroupBy(k => k.Version).Select(v => (JsonNode)new JsonObject
            {
                ["version"] = v.Key,
                ["resources"] = new JsonArray([.. v.OrderBy(k => k.Plural, StringComparer.Ordinal).Select(k => (JsonNode)Resource(k))]),
                ["freshness"] = "Current",
            })]),
        };
    }

    private static JsonObject Resource(ResourceKind kind)
    {
        var entry = new JsonObject
        {
            ["resource"] = kind.Plural,
            ["responseKind"] = Kind(kind.Group, kind.Version, kind.Kind),
            ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = kind.Singular,
            ["verbs"] = LegacyDiscovery.Array(kind.Verbs),
        };
        if (kind.ShortNames.Count > 0)
        {
            entry["shortNames"] = LegacyDiscovery.Array(kind.ShortNames);
        }

        if (kind.Categories.Count > 0)
        {
            entry["categories"] = LegacyDiscovery.Array(kind.Categories);
        }

        if (kind.Subresources.Count > 0)
        {
            entry["subresources"] = new JsonArray([.. kind.Subresources.Select(s => (JsonNode)new JsonObject
            {
                ["subresource"] = s.Name,
                ["responseKind"] = Kind(s.Group ?? kind.Group, s.Version ?? kind.Version, s.Kind),
                ["verbs"] = LegacyDiscovery.Array(s.Verbs),
            })]);
        }

        return entry;
    }

    private static JsonObject Kind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };
}
