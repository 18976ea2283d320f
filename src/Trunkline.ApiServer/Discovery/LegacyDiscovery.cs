using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;

namespace Trunkline.ApiServer.Discovery;

/// <summary>Discovery one group at a time: APIVersions, APIGroupList, APIGroup, APIResourceList.</summary>
internal static class LegacyDiscovery
{
    public static JsonObject Versions(string serverAddress) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = serverAddress }),
    };

    public static JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. GroupNames().Select(g => (JsonNode)GroupBody(g))]),
    };

    public static JsonObject? Group(string name)
    {
        if (name.Length == 0 || !GroupNames().Contains(name))
        {
            return null;
        }

        var group = new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" };
        foreach (var (field, value) in GroupBody(name))
        {
            group[field] = value?.DeepClone();
        }

        return group;
    }

    public static JsonObject? Resources(string group, string version)
    {
        var kinds = KindCatalog.All.Where(k => k.Group == group && k.Version == version).OrderBy(k => k.Plural, StringComparer.Ordinal).ToList();
        if (kinds.Count == 0)
        {
            return null;
        }

        var list = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0)
        {
            list["apiVersion"] = "v1";
        }

        list["groupVersion"] = kinds[0].ApiVersion;
        list["resources"] = new JsonArray([.. kinds.SelectMany(Entries)]);
        return list;
    }

    public static IEnumerable<string> GroupNames() => KindCatalog.All.Select(k => k.Group).Where(g => g.Length > 0).Distinct(StringComparer.Ordinal);

    private static JsonObject GroupBody(string name)
    {
        var versions = KindCatalog.All.Where(k => k.Group == name).Select(k => k.Version).Distinct(StringComparer.Ordinal).Select(v => Version(name, v)).ToList();
        return new JsonObject { ["name"] = name, ["versions"] = new JsonArray([.. versions]), ["preferredVersion"] = versions[0].DeepClone() };
    }

    private static JsonObject Version(string group, string version) => new() { ["groupVersion"] = group + "/" + version, ["version"] = version };

    private static IEnumerable<JsonNode> Entries(ResourceKind kind)
    {
        var entry = new JsonObject { ["name"] = kind.Plural, ["singularName"] = kind.Singular, ["namespaced"] = kind.Namespaced, ["kind"] = kind.Kind, ["verbs"] = Array(kind.Verbs) };
        if (kind.ShortNames.Count > 0)
        {
            entry["shortNames"] = Array(kind.ShortNames);
        }

        if (kind.Categories.Count > 0)
        {
            entry["categories"] = Array(kind.Categories);
        }

        if (kind.Stored)
        {
            entry["storageVersionHash"] = kind.StorageVersionHash;
        }

        yield return entry;
        foreach (var sub in kind.Subresources)
        {
            yield return Subresource(kind, sub);
        }
    }

    private static JsonObject Subresource(ResourceKind kind, SubresourceKind sub)
    {
        var entry = new JsonObject { ["name"] = kind.Plural + "/" + sub.Name, ["singularName"] = "", ["namespaced"] = kind.Namespaced };
        if (sub.Group is not null)
        {
            entry["group"] = sub.Group;
            entry["version"] = sub.Version;
        }

        entry["kind"] = sub.Kind;
        entry["verbs"] = Array(sub.Verbs);
        return entry;
    }

    internal static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
