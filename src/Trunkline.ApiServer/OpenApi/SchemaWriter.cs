using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Models;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Patching;
using Trunkline.ApiServer.Validation.Decoding;

namespace Trunkline.ApiServer.OpenApi;

/// <summary>Writes the schemas of one group and version, and of all that they refer to.</summary>
internal sealed class SchemaWriter(ModelDocumentation documentation, string group, string version)
{
    private readonly JsonObject _schemas = [];

    public JsonObject Schemas => _schemas;

    /// <summary>Adds a kind and gives the reference to it.</summary>
    public string Add(ResourceKind kind)
    {
        if (kind.Model is not null)
        {
            var name = Add(kind.Model);
            _schemas[name]!["x-kubernetes-group-version-kind"] = GroupVersionKind(kind);
            return name;
        }

        var custom = SchemaNames.Of(kind);
        if (!_schemas.ContainsKey(custom))
        {
            _schemas[custom] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["apiVersion"] = new JsonObject { ["type"] = "string" },
                    ["kind"] = new JsonObject { ["type"] = "string" },
                    ["metadata"] = Reference(Add(typeof(V1ObjectMeta))),
                    ["spec"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
                    ["status"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
                },
                ["x-kubernetes-group-version-kind"] = GroupVersionKind(kind),
            };
        }

        return custom;
    }

    /// <summary>Adds a model type and gives its name.</summary>
    public string Add(Type model)
    {
        var name = SchemaNames.Of(model, group, version);
        if (_schemas.ContainsKey(name))
        {
            return name;
        }

        // Entered before its fields are written: types may refer to themselves.
        var schema = new JsonObject();
        _schemas[name] = schema;
        if (documentation.Of(model) is { } description)
        {
            schema["description"] = description;
        }

        schema["type"] = "object";
        var required = new JsonArray();
        var properties = new JsonObject();
        foreach (var property in model.GetProperties())
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name is not { } field)
            {
                continue;
            }

            properties[field] = Field(model, property, field);
            if (property.GetCustomAttribute<System.ComponentModel.DataAnnotations.RequiredAttribute>() is not null
                || property.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is not null)
            {
                required.Add(field);
            }
        }

        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        schema["properties"] = properties;
        return name;
    }

    public static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static JsonArray GroupVersionKind(ResourceKind kind) =>
        new(new JsonObject { ["group"] = kind.Group, ["kind"] = kind.Kind, ["version"] = kind.Version });

    private JsonObject Field(Type model, PropertyInfo property, string field)
    {
        var schema = Value(property.PropertyType);
        Merging(schema, PatchFacts.Of(ModelSchema.GoName(model), field));
        if (documentation.Of(model, property.Name) is not { } description)
        {
            return schema;
        }

        // OpenAPI 3.0 ignores what stands beside a $ref: it is wrapped, as the published documents do.
        if (schema.ContainsKey("$ref"))
        {
            return new JsonObject { ["description"] = description, ["allOf"] = new JsonArray(schema), ["default"] = new JsonObject() };
        }

        schema["description"] = description;
        return schema;
    }

    private static void Merging(JsonObject schema, ListFact fact)
    {
        if (fact.Merge || fact.RetainKeys)
        {
            schema["x-kubernetes-patch-strategy"] = string.Join(',', new[] { fact.Merge ? "merge" : "", fact.RetainKeys ? "retainKeys" : "" }.Where(w => w.Length > 0));
        }

        if (fact.Merge && fact.MergeKey.Length > 0)
        {
            schema["x-kubernetes-patch-merge-key"] = fact.MergeKey;
        }

        if (fact.MapKeys.Count > 0)
        {
            schema["x-kubernetes-list-type"] = "map";
            schema["x-kubernetes-list-map-keys"] = new JsonArray([.. fact.MapKeys.Select(k => JsonValue.Create(k))]);
        }
        else if (fact.Set)
        {
            schema["x-kubernetes-list-type"] = "set";
        }
    }

    private JsonObject Value(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type != typeof(string) && type != typeof(byte[]) && ModelTypes.Element(type) is { } item)
        {
            return new JsonObject { ["type"] = "array", ["items"] = Value(item) };
        }

        if (ModelTypes.MapValue(type) is { } value)
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(value) };
        }

        return Scalar(type) ?? Reference(Add(type));
    }

    private static JsonObject? Scalar(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => new JsonObject { ["type"] = "string" },
        TypeCode.Boolean => new JsonObject { ["type"] = "boolean" },
        TypeCode.Int32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        TypeCode.Int64 => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
        TypeCode.Double => new JsonObject { ["type"] = "number", ["format"] = "double" },
        TypeCode.DateTime => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        _ when type == typeof(byte[]) => new JsonObject { ["type"] = "string", ["format"] = "byte" },
        _ when type == typeof(IntOrString) => new JsonObject { ["format"] = "int-or-string", ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }) },
        _ when type == typeof(ResourceQuantity) => new JsonObject { ["type"] = "string" },
        _ when type == typeof(object) || type.Namespace != typeof(V1Pod).Namespace => new JsonObject { ["type"] = "object" },
        _ => null,
    };
}
