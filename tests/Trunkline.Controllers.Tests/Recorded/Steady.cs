using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Trunkline.Controllers.Tests.Recorded;

/// <summary>Takes out of an answer what differs in every run: identities, times and ages, versions, random names, addresses and ports given by the server.</summary>
internal static partial class Steady
{
    public static string Text(string text)
    {
        text = Uid().Replace(text, "UID");
        text = Time().Replace(text, "TIME");
        text = LongTime().Replace(text, "TIME");
        text = PlainTime().Replace(text, "TIME");
        text = Version().Replace(text, "${1}RV\"");
        text = Address().Replace(text, m => m.Value is "172.30.0.1" or "172.30.200.200" or "172.30.9.9" ? m.Value : "SERVICE-IP");
        text = NodePort().Replace(text, m => m.Value is "30102" or "30100" or "30111" ? m.Value : "39999");
        text = Volume().Replace(text, "kube-api-access-RANDOM");
        text = Slice().Replace(text, "sctpservice-RANDOM");
        text = Generated().Replace(text, "gen-RANDOM");

        // Builds of kubectl 1.32 differ in it.
        text = text.Replace("Error: unknown shorthand", "error: unknown shorthand", StringComparison.Ordinal);
        text = Server().Replace(text, "127.0.0.1:PORT");
        text = Continue().Replace(text, "${1}TOKEN\"");
        text = Remaining().Replace(text, "status:\n  phase: Terminating");
        text = Place().Replace(text, "DIFF/$1");
        return text;
    }

    /// <summary>A table or description: ages are one word, and columns are as wide as they are.</summary>
    public static string Screen(string text) =>
        Spaces().Replace(Age().Replace(Text(text), "AGE"), " ").Replace(" \n", "\n", StringComparison.Ordinal).Trim();

    /// <summary>A document, comparable whatever the order of its fields.</summary>
    public static string Json(string text)
    {
        var node = JsonNode.Parse(Text(text))!;
        Walk(node);
        return Sorted(node)!.ToJsonString();
    }

    private static void Walk(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list)
                {
                    Walk(item);
                }

                break;
            case JsonObject map:
                if (map["managedFields"] is JsonArray entries)
                {
                    // Entries of one second stand by manager; and the real programs carry their version in their names.
                    var named = entries.OfType<JsonObject>().Select(e =>
                    {
                        var copy = (JsonObject)e.DeepClone();
                        var manager = (string)copy["manager"]!;
                        copy["manager"] = manager.EndsWith("-1.28", StringComparison.Ordinal) ? manager[..^"-1.28".Length] : manager;
                        return copy;
                    });
                    map["managedFields"] = new JsonArray([.. named.OrderBy(e => e.ToJsonString(), StringComparer.Ordinal)]);
                }

                // A watch tells the columns once, with whichever row comes first.
                if (map["type"] is not null && map["object"] is JsonObject table && (string?)table["kind"] == "Table")
                {
                    table.Remove("columnDefinitions");
                }

                if (map["cells"] is JsonArray cells)
                {
                    for (var i = 0; i < cells.Count; i++)
                    {
                        if (cells[i] is JsonValue cell && cell.TryGetValue<string>(out var word) && Age().IsMatch(word) && Age().Match(word).Length == word.Length)
                        {
                            cells[i] = "AGE";
                        }
                    }
                }

                foreach (var (_, value) in map)
                {
                    Walk(value);
                }

                break;
        }
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uid();

    [GeneratedRegex(@"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Time();

    [GeneratedRegex(@"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d \+0000")]
    private static partial Regex LongTime();

    [GeneratedRegex(@"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC")]
    private static partial Regex PlainTime();

    [GeneratedRegex("(resourceVersion\"?: ?\")\\d+\"")]
    private static partial Regex Version();

    [GeneratedRegex(@"\b172\.30\.\d+\.\d+\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"\b3[0-2]\d{3}\b")]
    private static partial Regex NodePort();

    [GeneratedRegex("kube-api-access-[a-z0-9]{5}")]
    private static partial Regex Volume();

    [GeneratedRegex("sctpservice-[a-z0-9]{5}\\b")]
    private static partial Regex Slice();

    [GeneratedRegex("gen-[a-z0-9]{5}\\b")]
    private static partial Regex Generated();

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Server();

    [GeneratedRegex("(\"continue\": ?\")[^\"]+\"")]
    private static partial Regex Continue();

    // How far the namespace's controller is at that moment.
    [GeneratedRegex(@"status:\n  conditions:\n(?:  [- ] .*\n)+  phase: Terminating")]
    private static partial Regex Remaining();

    [GeneratedRegex(@"/tmp/(?:LIVE|MERGED)-\d+/(\S+)")]
    private static partial Regex Place();

    [GeneratedRegex(@"\b(\d+d)?(\d+h)?(\d+m)?\d+s\b|\b\d+m\b")]
    private static partial Regex Age();

    [GeneratedRegex("[ \t]+")]
    private static partial Regex Spaces();
}
