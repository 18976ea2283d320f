using System.Text;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Kinds.Strategies;
using Trunkline.ApiServer.Kinds.Strategies.Pods;
using Trunkline.ApiServer.Validation.Decoding;

namespace Trunkline.ApiServer.Tests.Kinds.Golden;

/// <summary>Writes an object as the protocol half would, but by the strategy alone: no storage, no allocation.</summary>
internal static class Writes
{
    public sealed record Outcome(JsonObject? Object, IReadOnlyList<string> Warnings);

    public static Outcome Create(ResourceKind kind, string json, string validation = "Strict", string? space = "sctp-demo", Action<JsonObject>? allocate = null)
    {
        var strategy = StrategyCatalog.For(kind);
        var decoded = Decode(kind, json);
        if (validation == "Strict" && decoded.StrictErrors.Count > 0)
        {
            throw StatusErrors.BadRequest(Cannot(kind) + "strict decoding error: " + string.Join(", ", decoded.StrictErrors));
        }

        var obj = decoded.Document;
        if (kind.Namespaced && space is not null)
        {
            obj["metadata"]!["namespace"] = space;
        }

        if (obj["metadata"]!["generateName"] is { } prefix)
        {
            obj["metadata"]!["name"] ??= prefix.GetValue<string>() + "x7z2k";
        }

        strategy.ApplyDefaults(obj);
        if (kind is { Group: "", Kind: "Pod" })
        {
            PodAdmission.Apply(obj, null, PodLife.Suffix);
        }

        strategy.PrepareForCreate(obj);
        allocate?.Invoke(obj);
        var errors = strategy.Validate(obj);
        if (errors.Count > 0)
        {
            throw StatusErrors.Invalid(kind, obj["metadata"]!["name"]?.GetValue<string>() ?? "", errors);
        }

        var warnings = validation == "Ignore" ? [] : decoded.StrictErrors;
        return new Outcome(obj, [.. warnings, .. strategy.Warnings(obj, null)]);
    }

    public static JsonObject Update(ResourceKind kind, JsonObject old, Action<JsonObject> change, string subresource = "")
    {
        var strategy = StrategyCatalog.For(kind);
        var changed = old.DeepClone().AsObject();
        change(changed);
        var obj = Decode(kind, changed.ToJsonString()).Document;
        strategy.ApplyDefaults(obj);
        strategy.PrepareForUpdate(obj, old, subresource);
        var errors = strategy.ValidateUpdate(obj, old, subresource);
        return errors.Count == 0 ? obj : throw StatusErrors.Invalid(kind, old["metadata"]!["name"]!.GetValue<string>(), errors);
    }

    private static DecodedDocument Decode(ResourceKind kind, string json)
    {
        try
        {
            return StrategyCatalog.For(kind).Decode(Encoding.UTF8.GetBytes(json));
        }
        catch (DecodingException e)
        {
            throw StatusErrors.BadRequest(Cannot(kind) + e.Message);
        }
    }

    private static string Cannot(ResourceKind kind) => $"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: ";
}
