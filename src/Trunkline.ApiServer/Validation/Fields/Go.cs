using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Validation.Fields;

/// <summary>Values as Go prints them in error messages.</summary>
internal static class Go
{
    /// <summary>Text that is printed as it stands, such as <c>[]string{"a"}</c>.</summary>
    public sealed record Literal(string Text);

    /// <summary>As <c>%q</c>, <c>%v</c> or <c>%#v</c>, whichever field.Error would choose.</summary>
    public static string Print(object? value) => value switch
    {
        null => "null",
        string s => Quote(s),
        bool b => b ? "true" : "false",
        Literal l => l.Text,
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static Literal Slice(string type, IEnumerable<string?> items) => new($"[]{type}{{{string.Join(", ", items.Select(i => Quote(i ?? "")))}}}");

    /// <summary>A map of strings as <c>%#v</c> prints it.</summary>
    public static Literal Map(JsonObject? map) => map is null or { Count: 0 }
        ? new("map[string]string(nil)")
        : new("map[string]string{" + string.Join(", ", map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{Quote(p.Key)}:{Quote(NodeReader.AsText(p.Value) ?? "")}")) + "}");

    /// <summary>strconv.Quote.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(Escape(rune));
        }

        return result.Append('"').ToString();
    }

    private static string Escape(Rune rune) => rune.Value switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\a' => "\\a",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\v' => "\\v",
        < 0x20 or 0x7f => $"\\x{rune.Value:x2}",
        _ when Rune.IsControl(rune) || (Rune.IsWhiteSpace(rune) && rune.Value != ' ') =>
            rune.Value < 0x10000 ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}",
        _ => rune.ToString(),
    };
}
