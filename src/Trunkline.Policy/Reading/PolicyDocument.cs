using System.Text.Json;

namespace Trunkline.Policy.Reading;

/// <summary>Careful looks into a document that somebody else wrote: what has not the right shape is missing, never an exception.</summary>
internal static class PolicyDocument
{
    /// <summary>A field; null where it is absent or null, or where there is no object to have it.</summary>
    public static JsonElement? Field(this JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } item && item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement? item) => item is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static int? Number(this JsonElement? item) => item is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    public static IEnumerable<JsonElement?> Items(this JsonElement? item) =>
        item is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(element => (JsonElement?)element) : [];

    /// <summary>A list, or nothing: what has another shape is no empty list, which would mean everybody or everything.</summary>
    public static bool IsListOrAbsent(this JsonElement? item) => item is null or { ValueKind: JsonValueKind.Array };

    /// <summary>Names of the fields that are set.</summary>
    public static IReadOnlyList<string> FieldNames(this JsonElement? item) => item is { ValueKind: JsonValueKind.Object } map
        ? [.. map.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null).Select(field => field.Name)]
        : [];

    public static bool HasOnly(this JsonElement? item, params ReadOnlySpan<string> names)
    {
        foreach (var field in item.FieldNames())
        {
            if (!names.Contains(field))
            {
                return false;
            }
        }

        return true;
    }
}
