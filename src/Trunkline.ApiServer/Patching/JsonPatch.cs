using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;

namespace Trunkline.ApiServer.Patching;

/// <summary>RFC 6902.</summary>
internal static class JsonPatch
{
    /// <summary>apiserver refuses longer patches.</summary>
    private const int MaxOperations = 10_000;

    public static JsonObject Apply(JsonObject original, JsonArray patch)
    {
        if (patch.Count > MaxOperations)
        {
            throw new ApiStatusException(
                413, "RequestEntityTooLarge", $"Request entity too large: The allowed maximum operations in a JSON patch is {MaxOperations}, got {patch.Count}", []);
        }

        JsonNode? root = original.DeepClone();
        foreach (var step in patch)
        {
            root = Step(root, step as JsonObject ?? throw StatusErrors.BadRequest("error decoding patch: json: cannot unmarshal into Go value of type jsonpatch.Operation"));
        }

        return root as JsonObject ?? throw Refused("the patched document is not an object");
    }

    private static JsonNode? Step(JsonNode? root, JsonObject step)
    {
        var op = (string?)step["op"] ?? "";
        var path = Pointer((string?)step["path"] ?? throw Refused($"{op} operation does not have a path"));
        switch (op)
        {
            case "add":
                return Put(root, path, step["value"]?.DeepClone(), false, op);
            case "replace":
                return Put(root, path, step["value"]?.DeepClone(), true, op);
            case "remove":
                return Remove(root, path, op);
            case "test":
                return JsonNode.DeepEquals(Find(root, path, op), step["value"])
                    ? root
                    : throw Refused($"testing value {(string?)step["path"]} failed: test failed");
            case "move" or "copy":
                var from = Pointer((string?)step["from"] ?? throw Refused($"{op} operation does not have a from"));
                var value = Find(root, from, op)?.DeepClone();
                return Put(op == "move" ? Remove(root, from, op) : root, path, value, false, op);
            default:
                throw StatusErrors.BadRequest($"error decoding patch: Unexpected kind: {op}");
        }
    }

    private static string[] Pointer(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        return text[0] != '/'
            ? throw Refused($"add operation does not apply: doc is missing path: \"{text}\": missing value")
            : [.. text[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static JsonNode? Find(JsonNode? root, string[] path, string op)
    {
        var node = root;
        for (var i = 0; i < path.Length; i++)
        {
            node = node switch
            {
                JsonObject map when map.TryGetPropertyValue(path[i], out var child) => child,
                JsonArray list when Index(path[i], list.Count - 1) is { } at => list[at],
                _ => throw Missing(op, path),
            };
        }

        return node;
    }

    private static JsonNode? Put(JsonNode? root, string[] path, JsonNode? value, bool mustExist, string op)
    {
        if (path.Length == 0)
        {
            return value;
        }

        var name = path[^1];
        switch (Find(root, path[..^1], op))
        {
            case JsonObject map when !mustExist || map.ContainsKey(name):
                map[name] = value;
                return root;
            case JsonArray list when name == "-" && !mustExist:
                list.Add(value);
                return root;
            case JsonArray list when Index(name, mustExist ? list.Count - 1 : list.Count) is { } at:
                if (mustExist)
                {
                    list[at] = value;
                }
                else
                {
                    list.Insert(at, value);
                }

                return root;
            default:
                throw Missing(op, path);
        }
    }

    private static JsonNode? Remove(JsonNode? root, string[] path, string op)
    {
        if (path.Length == 0)
        {
            return null;
        }

        switch (Find(root, path[..^1], op))
        {
            case JsonObject map when map.Remove(path[^1]):
                return root;
            case JsonArray list when Index(path[^1], list.Count - 1) is { } at:
                list.RemoveAt(at);
                return root;
            default:
                throw Missing(op, path);
        }
    }

    private static int? Index(string text, int last) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= last ? at : null;

    private static ApiStatusException Missing(string op, string[] path) =>
        Refused($"{op} operation does not apply: doc is missing path: \"/{string.Join('/', path)}\": missing value");

    private static ApiStatusException Refused(string why) => new(422, "Invalid", $"the server rejected our request due to an error in our request: {why}", []);
}
