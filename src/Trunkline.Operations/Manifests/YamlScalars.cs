using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace Trunkline.Operations.Manifests;

/// <summary>What a plain scalar means in YAML 1.1, as Kubernetes clients read it (sigs.k8s.io/yaml).</summary>
public static class YamlScalars
{
    /// <summary>The value of a scalar; null for YAML's null.</summary>
    public static JsonValue? Value(string text, ScalarStyle style)
    {
        if (style is not ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Create(true),
            "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
            _ when Integer(text) is { } number => JsonValue.Create(number),
            _ when Float(text) is { } number => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static long? Integer(string text)
    {
        var negative = text.StartsWith('-');
        var digits = text.TrimStart('-', '+').Replace("_", "", StringComparison.Ordinal);
        if (digits.Length == 0 || !char.IsAsciiDigit(digits[0]) || text.Length - text.TrimStart('-', '+').Length > 1)
        {
            return null;
        }

        long? value = digits switch
        {
            ['0', 'x' or 'X', .. var hex] => Parsed(hex, 16),
            ['0', 'b' or 'B', .. var binary] => Parsed(binary, 2),
            ['0', 'o', .. var octal] => Parsed(octal, 8),
            ['0', _, ..] => Parsed(digits, 8),
            _ => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
        };
        return negative ? -value : value;
    }

    private static long? Parsed(string digits, int radix)
    {
        var value = 0L;
        foreach (var digit in digits)
        {
            var worth = char.IsAsciiHexDigit(digit) ? System.Convert.ToInt32(digit.ToString(), 16) : radix;
            if (worth >= radix || value > (long.MaxValue - worth) / radix)
            {
                return null;
            }

            value = (value * radix) + worth;
        }

        return digits.Length == 0 ? null : value;
    }

    // .NET would also take "1,000", " 1" and words: YAML takes digits, a point and an exponent.
    private static double? Float(string text) =>
        text.All(c => char.IsAsciiDigit(c) || c is '.' or '-' or '+' or 'e' or 'E') && text.Any(char.IsAsciiDigit) && text[0] is not ('e' or 'E')
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;
}
