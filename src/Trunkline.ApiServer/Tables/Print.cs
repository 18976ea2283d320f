using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Tables;

/// <summary>What cells are made of.</summary>
internal static class Print
{
    public const string None = "<none>";

    public static JsonNode Name(JsonObject o) => o.Obj("metadata").Text("name");

    public static JsonNode? Creation(JsonObject o) => o.Obj("metadata").Str("creationTimestamp");

    public static JsonNode Age(JsonObject o, DateTimeOffset now) => Since(o.Obj("metadata").Str("creationTimestamp"), now);

    /// <summary>How long ago a time was; <c>&lt;unknown&gt;</c> where there is none.</summary>
    public static string Since(string? time, DateTimeOffset now) => GoTime.TryParse(time) is { } t ? HumanDuration.Format(now - t) : "<unknown>";

    public static string OrNone(string? text) => text is { Length: > 0 } ? text : None;

    /// <summary><c>a=1,b=2</c>.</summary>
    public static string Labels(JsonObject? owner, string field)
    {
        var text = string.Join(',', owner.Map(field).Select(p => $"{p.Key}={p.Value}"));
        return OrNone(text);
    }

    /// <summary>metav1.FormatLabelSelector: an absent selector chooses nothing, an empty one everything; both read as none.</summary>
    public static string Selector(JsonObject? selector)
    {
        var terms = selector.Map("matchLabels").Select(p => (p.Key, Text: $"{p.Key}={p.Value}"))
            .Concat(selector.Objects("matchExpressions").Select(e => (Key: e.Text("key"), Text: Expression(e))))
            .OrderBy(t => t.Key, StringComparer.Ordinal);
        return OrNone(string.Join(',', terms.Select(t => t.Text)));
    }

    public static JsonNode Count(JsonNode? owner, string field) => owner.Int(field) ?? 0;

    public static string Containers(JsonObject? podSpec) => string.Join(',', podSpec.Objects("containers").Select(c => c.Text("name")));

    public static string Images(JsonObject? podSpec) => string.Join(',', podSpec.Objects("containers").Select(c => c.Text("image")));

    /// <summary>The first few of many, and how many more.</summary>
    public static string Few(IReadOnlyList<string> all, string none, int most = 3)
    {
        var text = string.Join(',', all.Take(most));
        return all.Count > most ? $"{text} + {all.Count - most} more..." : text.Length > 0 ? text : none;
    }

    private static string Expression(JsonObject e)
    {
        var (key, values) = (e.Text("key"), string.Join(',', e.Texts("values").Order(StringComparer.Ordinal)));
        return e.Text("operator") switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "Exists" => key,
            _ => "!" + key,
        };
    }
}
