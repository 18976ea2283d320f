using System.Collections.Frozen;

namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>A struct of the API: its name as Go prints it, and its fields in the order in which they are written.</summary>
public sealed class TypeSchema
{
    public TypeSchema(string name, IEnumerable<FieldSchema> fields, bool custom = false)
    {
        Name = name;
        Fields = [.. fields.OrderBy(f => Rank(f.Name))];
        ByName = Fields.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);
        IsCustom = custom;
    }

    /// <summary>Go's name without its package, as in "Go struct field <c>ServicePort</c>.spec.ports.port".</summary>
    public string Name { get; }

    public IReadOnlyList<FieldSchema> Fields { get; }

    public FrozenDictionary<string, FieldSchema> ByName { get; }

    /// <summary>A custom resource: wrong types are answered by the schema's validation (422), not by the decoder (400).</summary>
    public bool IsCustom { get; }

    private static int Rank(string name) => name switch { "kind" => 0, "apiVersion" => 1, "metadata" => 2, "spec" => 3, "status" => 5, _ => 4 };
}
