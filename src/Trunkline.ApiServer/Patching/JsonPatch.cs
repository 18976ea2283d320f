using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;

namespace Trunkline.ApiServer.Patching;

/// <summary>RFC 6902. What does not apply is refused with the real server's few words.</summary>
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
            root = Step(root, step as JsonObject ?? throw StatusErrors.PatchRefused());
        }

        return root as JsonObject ?? throw StatusErrors.PatchRefused();
    }

    private static JsonNode? Step(JsonNode? root, JsonObject step)
    {
        var op = Validation.Fields.NodeReader.Str(step, "op") ?? "";
        var path = Pointer(Validation.Fields.NodeReader.Str(step, "path") ?? throw StatusErrors.PatchRefused());
        switch (op)
        {
            case "add":
                return Put(root, path, step["value"]?.DeepClone(), false);
            case "replace":
                return Put(root, path, step["value"]?.DeepClone(), true);
            case "remove":
                return Remove(root, path);
            case "test":
                return JsonNode.DeepEquals(Find(root, path), step["value"])
                    ? root
                    : throw StatusErrors.PatchRefused();
            case "move" or "copy":
                var from = Pointer(Validation.Fields.NodeReader.Str(step, "from") ?? throw StatusErrors.PatchRefused());
                var value = Find(root, from)?.DeepClone();
                return Put(op == "move" ? Remove(root, from) : root, path, value, false);
            default:
                throw StatusErrors.PatchRefused();
        }
    }

    private static string[] Pointer(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        return text[0] != '/'
            ? throw StatusErrors.PatchRefused()
            : [.. text[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static JsonNode? Find(JsonNode? root, string[] path)
    {
        var node = root;
        for (var i = 0; i < path.Length; i++)
        {
            node = node switch
            {
                JsonObject map when map.TryGetPropertyValue(path[i], out var child) => child,
                JsonArray list when Index(path[i], list.Count - 1) is { } at => list[at],
                _ => throw StatusErrors.PatchRefused(),
            };
        }

        return node;
    }

    private static JsonNode? Put(JsonNode? root, string[] path, JsonNode? value, bool mustExist)
    {
        if (path.Length == 0)
        {
            return value;
        }

        var name = path[^1];
        switch (Find(root, path[..^1]))
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
                throw StatusErrors.PatchRefused();
        }
    }

    private static JsonNode? Remove(JsonNode? root, string[] path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        switch (Find(root, path[..^1]))
        {
            case JsonObject map when map.Remove(path[^1]):
                return root;
            case JsonArray list when Index(path[^1], list.Count - 1) is { } at:
                list.RemoveAt(at);
                return root;
            default:
                throw StatusErrors.PatchRefused();
        }
    }

    private static int? Index(string text, int last) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= last ? at : null;
}
