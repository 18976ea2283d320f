using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>Schemas derived from the official client's model types, with <see cref="GoFacts"/> for what those do not say.</summary>
public static partial class ModelSchema
{
    private static readonly ConcurrentDictionary<Type, TypeSchema> Cache = new();

    public static TypeSchema Of<T>() => Of(typeof(T));

    /// <summary>The schema of a model type such as <see cref="V1Service"/>.</summary>
    public static TypeSchema Of(Type model) => Cache.GetOrAdd(model, Build);

    /// <summary><c>V1ServicePort</c> is <c>ServicePort</c>, <c>Corev1Event</c> is <c>Event</c>.</summary>
    public static string GoName(Type model) => VersionPrefix().Replace(model.Name, "");

    private static TypeSchema Build(Type model)
    {
        var owner = GoName(model);
        return new TypeSchema(owner, model.GetProperties().Select(p => Field(model, owner, p)).OfType<FieldSchema>());
    }

    private static FieldSchema? Field(Type model, string owner, PropertyInfo property)
    {
        var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name;
        if (name is null)
        {
            return null;
        }

        var value = Value(property.PropertyType, owner, name);
        return new FieldSchema(name, value, PresenceOf(model, owner, name, property.PropertyType, value.Kind));
    }

    private static Presence PresenceOf(Type model, string owner, string name, Type type, GoKind kind)
    {
        if (GoFacts.Has(GoFacts.Always, owner, name))
        {
            return Presence.Always;
        }

        return kind switch
        {
            GoKind.Text => GoFacts.PointerStrings.Contains(owner + "." + name) || GoFacts.PointerStrings.Contains(model.Name + "." + name)
                ? Presence.WhenGiven : Presence.OmitEmpty,
            GoKind.List or GoKind.Map or GoKind.Bytes => Presence.OmitEmpty,
            GoKind.Bool or GoKind.Whole32 or GoKind.Whole64 when Nullable.GetUnderlyingType(type) is null => Presence.Always,
            GoKind.Bool or GoKind.Whole32 or GoKind.Whole64 when GoFacts.Has(GoFacts.OmitZero, owner, name) => Presence.OmitEmpty,
            _ => Presence.WhenGiven,
        };
    }

    private static ValueSchema Value(Type declared, string owner, string field)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(string))
        {
            return ValueSchema.Of(GoKind.Text, GoFacts.NamedStrings.GetValueOrDefault(owner + "." + field, "string"));
        }

        if (type == typeof(byte[]))
        {
            return ValueSchema.Of(GoKind.Bytes, "[]uint8");
        }

        if (type.IsGenericType && type.GetGenericArguments() is [var item] && typeof(IEnumerable<>).MakeGenericType(item).IsAssignableFrom(type))
        {
            return ValueSchema.ListOf(Value(item, owner, field));
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>))
        {
            return ValueSchema.MapOf(Value(type.GetGenericArguments()[1], owner, field));
        }

        return Scalar(type, owner, field) ?? ValueSchema.StructOf("v1." + GoName(type), () => Of(type));
    }

    private static ValueSchema? Scalar(Type type, string owner, string field) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => ValueSchema.Of(GoKind.Bool, "bool"),
        TypeCode.Int32 => ValueSchema.Of(GoKind.Whole32, "int32"),
        TypeCode.Int64 => ValueSchema.Of(GoKind.Whole64, "int64"),
        TypeCode.Double => ValueSchema.Of(GoKind.Real, "float64"),
        TypeCode.DateTime => ValueSchema.Of(GoFacts.MicroTimes.Contains(owner + "." + field) ? GoKind.MicroTime : GoKind.Time, "string"),
        _ when type == typeof(IntOrString) => ValueSchema.Of(GoKind.IntOrString, "int32"),
        _ when type == typeof(ResourceQuantity) => ValueSchema.Of(GoKind.Quantity, "resource.Quantity"),
        _ when type == typeof(object) => ValueSchema.Of(GoKind.Any, "interface {}"),
        _ => null,
    };

    [GeneratedRegex(@"^(Admissionregistration|Apiextensions|Apiregistration|Authentication|Core|Discovery|Events|Flowcontrol|Rbac|Resource|Storage)?[Vv]\d+((alpha|beta)\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex VersionPrefix();
}
