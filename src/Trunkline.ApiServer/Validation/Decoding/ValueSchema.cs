namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>The type of a value: its kind, its Go name for error messages, and what it is made of.</summary>
public sealed class ValueSchema(GoKind kind, string goType, ValueSchema? element = null, Lazy<TypeSchema>? structure = null)
{
    public GoKind Kind { get; } = kind;

    /// <summary>The name that Go's decoder puts behind "of type": <c>int32</c>, <c>[]v1.ServicePort</c>.</summary>
    public string GoType { get; } = goType;

    /// <summary>Element type of a list, value type of a map.</summary>
    public ValueSchema? Element { get; } = element;

    /// <summary>The fields of a struct.</summary>
    public TypeSchema? Struct => structure?.Value;

    public static ValueSchema Of(GoKind kind, string goType) => new(kind, goType);
    public static ValueSchema ListOf(ValueSchema element) => new(GoKind.List, "[]" + element.GoType, element);
    public static ValueSchema MapOf(ValueSchema element) => new(GoKind.Map, "map[string]" + element.GoType, element);
    public static ValueSchema StructOf(string goType, Func<TypeSchema> schema) => new(GoKind.Struct, goType, null, new Lazy<TypeSchema>(schema));
}
