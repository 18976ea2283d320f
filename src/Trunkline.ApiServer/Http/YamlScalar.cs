using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Trunkline.ApiServer.Http;

/// <summary>Plain scalars as sigs.k8s.io/yaml (go-yaml v2, YAML 1.1) understands them: <c>yes</c> is true and <c>0644</c> is octal.</summary>
internal static partial class YamlScalar
{
    public static void Write(Utf8JsonWriter writer, string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                writer.WriteNullValue();
                return;
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                writer.WriteBooleanValue(true);
                return;
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                writer.WriteBooleanValue(false);
                return;
            default:
                WriteNumberOrText(writer, text);
                return;
        }
    }

    private static void WriteNumberOrText(Utf8JsonWriter writer, string text)
    {
        if (text[0] is (>= '0' and <= '9') or '-' or '+' or '.')
        {
            var plain = text.Replace("_", "", StringComparison.Ordinal);
            if (Integer(plain) is { } whole)
            {
                writer.WriteNumberValue(whole);
                return;
            }

            if (Float().IsMatch(plain) && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real))
            {
                writer.WriteNumberValue(real);
                return;
            }
        }

        writer.WriteStringValue(text);
    }

    private static long? Integer(string text)
    {
        var negative = text.StartsWith('-');
        var digits = negative || text.StartsWith('+') ? text[1..] : text;
        if (digits.Length == 0 || !char.IsAsciiDigit(digits[0]))
        {
            return null;
        }

        try
        {
            long? value = digits switch
            {
                ['0', 'x' or 'X', _, ..] => Convert.ToInt64(digits[2..], 16),
                ['0', 'b', _, ..] => Convert.ToInt64(digits[2..], 2),
                ['0', 'o', _, ..] => Convert.ToInt64(digits[2..], 8),
                ['0', _, ..] when digits.All(c => c is >= '0' and <= '7') => Convert.ToInt64(digits, 8),
                ['0', _, ..] => null,
                _ => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null,
            };
            return negative ? -value : value;
        }
        catch (Exception notANumber) when (notANumber is FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Float();
}
