using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Trunkline.ApiServer.Http;

/// <summary>YAML as sigs.k8s.io/yaml writes it: keys in order, lists not indented.</summary>
public static partial class YamlWriter
{
    public static byte[] ToBytes(JsonNode node)
    {
        var text = new StringBuilder();
        Block(text, node, 0, false);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Block(StringBuilder text, JsonNode? node, int indent, bool inList)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                Map(text, map, indent, inList);
                break;
            case JsonArray { Count: > 0 } list:
                List(text, list, indent, inList);
                break;
            default:
                text.Append(Inline(node, indent)).Append('\n');
                break;
        }
    }

    private static void Map(StringBuilder text, JsonObject map, int indent, bool continues)
    {
        foreach (var (name, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(continues ? "" : new string(' ', indent)).Append(Scalar(name, indent)).Append(':');
            continues = false;
            switch (value)
            {
                case JsonObject { Count: > 0 }:
                    text.Append('\n');
                    Block(text, value, indent + 2, false);
                    break;
                case JsonArray { Count: > 0 }:
                    text.Append('\n');
                    Block(text, value, indent, false);
                    break;
                default:
                    text.Append(' ').Append(Inline(value, indent + 2)).Append('\n');
                    break;
            }
        }
    }

    private static void List(StringBuilder text, JsonArray list, int indent, bool continues)
    {
        foreach (var item in list)
        {
            text.Append(continues ? "" : new string(' ', indent)).Append("- ");
            continues = false;
            Block(text, item, indent + 2, true);
        }
    }

    private static string Inline(JsonNode? node, int indent) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Scalar(value.GetValue<string>(), indent),
        _ => node.ToJsonString(),
    };

    private static string Scalar(string value, int indent)
    {
        if (value.Contains('\n', StringComparison.Ordinal) && !value.Contains('\r', StringComparison.Ordinal) && !value.StartsWith(' ') && !value.StartsWith('\n'))
        {
            return Literal(value, indent);
        }

        return NeedsQuotes(value) ? Quoted(value) : value;
    }

    private static string Literal(string value, int indent)
    {
        var trimmed = value.TrimEnd('\n');
        var chomp = (value.Length - trimmed.Length) switch { 0 => "-", 1 => "", _ => "+" };
        var pad = new string(' ', indent);
        return "|" + chomp + "\n" + string.Join('\n', trimmed.Split('\n').Select(l => l.Length == 0 ? l : pad + l));
    }

    private static bool NeedsQuotes(string value) =>
        value.Length == 0 || Ambiguous().IsMatch(value) || value.Contains(": ", StringComparison.Ordinal) || value.Contains(" #", StringComparison.Ordinal)
        || value.EndsWith(':') || char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]) || value.Any(char.IsControl)
        || "!&*-?[]{},#|>@`\"'%=".Contains(value[0], StringComparison.Ordinal) && !(value[0] == '-' && value.Length > 1 && value[1] != ' ');

    private static string Quoted(string value) => value.Any(char.IsControl) || Ambiguous().IsMatch(value) || value.Length == 0
        ? "\"" + string.Concat(value.Select(Escape)) + "\""
        : "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\t' => "\\t",
        '\r' => "\\r",
        _ when char.IsControl(c) => "\\x" + ((int)c).ToString("x2", CultureInfo.InvariantCulture),
        _ => c.ToString(),
    };

    // Anything that a YAML 1.1 reader would not take for a string: null, booleans, numbers, times.
    [GeneratedRegex(@"^(~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|<<|[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN|[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9_]+([eE][-+]?[0-9]+)?)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Ambiguous();
}
