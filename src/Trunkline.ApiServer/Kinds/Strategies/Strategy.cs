using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Metadata;

namespace Trunkline.ApiServer.Kinds.Strategies;

/// <summary>A kind's behaviour, put together from its <see cref="KindRules"/> and what is common to all kinds.</summary>
internal sealed class Strategy(ResourceKind kind, KindRules rules) : IResourceStrategy
{
    public bool HasGeneration => rules.HasGeneration;

    public IReadOnlyList<TableColumn> Columns => rules.Table.Columns;

    public DecodedDocument Decode(ReadOnlySpan<byte> json) => StrictDecoder.Decode(json, rules.Schema);

    public void ApplyDefaults(JsonObject obj) => rules.Defaults(obj);

    public void PrepareForCreate(JsonObject obj)
    {
        if (rules.OwnsStatus)
        {
            SetStatus(obj, StrictDecoder.Zero(rules.Schema)["status"]);
        }

        rules.Create(obj);
    }

    public void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        if (subresource == "status")
        {
            KeepAllButStatus(obj, old);
            return;
        }

        if (rules.OwnsStatus)
        {
            SetStatus(obj, old["status"]);
        }

        if (subresource.Length == 0)
        {
            rules.Update(obj, old);
        }
    }

    public IReadOnlyList<FieldError> Validate(JsonObject obj)
    {
        var errors = new FieldErrors();
        errors.Metadata(obj.Obj("metadata"), kind.Namespaced, rules.Names);
        if (!kind.IsCustom)
        {
            errors.QualifiedFinalizers(obj.Obj("metadata"));
        }

        rules.Validate(errors, obj);
        return errors.Items;
    }

    public IReadOnlyList<FieldError> ValidateUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        var errors = new FieldErrors();
        errors.Metadata(obj.Obj("metadata"), kind.Namespaced, rules.Names);
        if (!kind.IsCustom)
        {
            errors.QualifiedFinalizers(obj.Obj("metadata"));
        }

        errors.MetadataUpdate(obj.Obj("metadata"), old.Obj("metadata"));
        if (subresource == "status")
        {
            rules.ValidateStatus(errors, obj);
        }
        else
        {
            if (rules.ChangeLast)
            {
                rules.Validate(errors, obj);
                rules.ValidateChange(errors, obj, old);
            }
            else
            {
                rules.ValidateChange(errors, obj, old);
                rules.Validate(errors, obj);
            }
        }

        return errors.Items;
    }

    public IReadOnlyList<string> Warnings(JsonObject obj, JsonObject? old) => rules.Warnings(obj);

    public IReadOnlyList<JsonNode?> Cells(JsonObject obj, DateTimeOffset now) => rules.Table.Cells(obj, now);

    // Labels and annotations may come along with a status; nothing else may, and with a custom resource not even they.
    private void KeepAllButStatus(JsonObject obj, JsonObject old)
    {
        var status = obj["status"];
        obj.Remove("status");
        var metadata = obj["metadata"];
        obj.Remove("metadata");
        obj.Clear();
        foreach (var (name, value) in old)
        {
            obj[name] = value?.DeepClone();
        }

        SetStatus(obj, status);
        if (!kind.IsCustom && metadata is JsonObject given)
        {
            given.Remove("ownerReferences");
            if (old["metadata"]?["ownerReferences"] is { } owners)
            {
                given["ownerReferences"] = owners.DeepClone();
            }

            obj["metadata"] = given;
        }
    }

    private static void SetStatus(JsonObject obj, JsonNode? status)
    {
        obj.Remove("status");
        if (status is not null)
        {
            obj["status"] = status.DeepClone();
        }
    }
}
