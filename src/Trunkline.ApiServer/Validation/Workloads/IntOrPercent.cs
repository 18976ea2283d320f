using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Workloads;

/// <summary>A count, or a share of all: <c>1</c> or <c>25%</c>.</summary>
internal static class IntOrPercent
{
    public static void Validate(FieldErrors errors, string path, JsonNode? value)
    {
        if (NodeReader.AsText(value) is { } text)
        {
            if (Percent(text) is not { } percent)
            {
                errors.Invalid(path, text, "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
            }
            else if (percent > 100)
            {
                errors.Invalid(path, text, "must not be greater than 100%");
            }
        }
        else
        {
            errors.NonNegative(path, NodeReader.AsInt(value));
        }
    }

    public static bool IsZero(JsonNode? value) => NodeReader.AsText(value) is { } text ? Percent(text) == 0 : (NodeReader.AsInt(value) ?? 0) == 0;

    public static object? Value(JsonNode? value) => (object?)NodeReader.AsText(value) ?? NodeReader.AsInt(value) ?? 0;

    private static int? Percent(string text) =>
        text.Length is > 1 and <= 6 && text[^1] == '%' && text[..^1].All(char.IsAsciiDigit) ? int.Parse(text[..^1], System.Globalization.CultureInfo.InvariantCulture) : null;
}
