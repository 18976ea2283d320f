using System.Text;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Core;

/// <summary>ConfigMaps: keys that can be file names, and no more than a mebibyte.</summary>
internal static class ConfigMapRules
{
    private const int MostBytes = 1024 * 1024;

    public static void Validate(FieldErrors errors, JsonObject map)
    {
        var size = 0L;
        foreach (var (key, value) in map.Map("data"))
        {
            errors.Invalid($"data[{key}]", key, NameRules.ConfigKey(key));
            if (map.Obj("binaryData").Has(key))
            {
                errors.Invalid($"data[{key}]", key, "duplicate of key present in binaryData");
            }

            size += Encoding.UTF8.GetByteCount(value);
        }

        foreach (var (key, value) in map.Map("binaryData"))
        {
            errors.Invalid($"binaryData[{key}]", key, NameRules.ConfigKey(key));
            size += value.Length / 4 * 3;
        }

        if (size > MostBytes)
        {
            errors.TooLong("", MostBytes);
        }
    }

    public static void ValidateChange(FieldErrors errors, JsonObject map, JsonObject old) => Immutable(errors, map, old, "data", "binaryData");

    /// <summary>What was made immutable stays so, and so does what it holds.</summary>
    public static void Immutable(FieldErrors errors, JsonObject now, JsonObject old, params ReadOnlySpan<string> fields)
    {
        if (!old.IsTrue("immutable"))
        {
            return;
        }

        if (!now.IsTrue("immutable"))
        {
            errors.Forbidden("immutable", "field is immutable when `immutable` is set");
        }

        foreach (var field in fields)
        {
            if (!NodeReader.Same(now[field], old[field]))
            {
                errors.Forbidden(field, "field is immutable when `immutable` is set");
            }
        }
    }
}
