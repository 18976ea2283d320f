using System.Text.Json.Nodes;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Patching;

namespace Trunkline.ApiServer.Apply;

/// <summary>Names of the steps of a path, and how error messages write them.</summary>
internal static class PathElement
{
    public static string Field(string name) => "f:" + name;

    /// <summary>The step to a list's item: its keys, its value, or null where the item lacks them.</summary>
    public static string? Item(JsonNode? item, ListFact fact)
    {
        if (fact.MapKeys.Count == 0)
        {
            return "v:" + Text(item);
        }

        if (item is not JsonObject map)
        {
            return null;
        }

        var keys = new JsonObject();
        foreach (var key in fact.MapKeys.Order(StringComparer.Ordinal))
        {
            // A port's protocol has a default, and is part of the key also where it was left out.
            var value = map[key]?.DeepClone() ?? (key == "protocol" ? "TCP" : null);
            if (value is not null)
            {
                keys[key] = value;
            }
        }

        return keys.Count == 0 ? null : "k:" + Text(keys);
    }

    /// <summary>As messages write it: <c>.spec.ports[port=1,protocol="SCTP"].name</c>.</summary>
    public static string Describe(string element) => element[..2] switch
    {
        "f:" => "." + element[2..],
        "k:" => "[" + string.Join(",", ((JsonObject)JsonNode.Parse(element[2..])!).Select(p => p.Key + "=" + p.Value?.ToJsonString())) + "]",
        "v:" => "[=" + element[2..] + "]",
        _ => "[" + element[2..] + "]",
    };

    private static string Text(JsonNode? node) => node is null ? "null" : System.Text.Encoding.UTF8.GetString(GoJson.ToBytes(node));
}
