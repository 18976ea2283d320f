using Trunkline.ApiServer.Validation.Decoding;

namespace Trunkline.ApiServer.Patching;

/// <summary>Where a walk through a document stands in its type; knows nothing for custom resources.</summary>
public readonly record struct SchemaPlace(ValueSchema? Value, ListFact Fact)
{
    public static SchemaPlace Root(TypeSchema? schema) => new(schema is null ? null : ValueSchema.StructOf(schema.Name, () => schema), ListFact.None);

    public bool IsStruct => Value?.Kind == GoKind.Struct;

    /// <summary>One whole: owned and replaced together.</summary>
    public bool IsAtomic => Fact.Atomic || (Value?.Kind == GoKind.Struct && PatchFacts.IsAtomicType(Value.Struct!.Name)) || Value?.Kind == GoKind.Any;

    public SchemaPlace Child(string name)
    {
        if (Value is { Kind: GoKind.Struct, Struct: { } type })
        {
            return type.ByName.TryGetValue(name, out var field) ? new SchemaPlace(field.Value, PatchFacts.Of(type.Name, name)) : new SchemaPlace(null, ListFact.None);
        }

        return new SchemaPlace(Value?.Element, ListFact.None);
    }

    public SchemaPlace Item() => new(Value?.Element, ListFact.None);
}
