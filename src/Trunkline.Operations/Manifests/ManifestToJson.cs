using System.Text.Json.Nodes;

namespace Trunkline.Operations.Manifests;

/// <summary>Turns a manifest's tree into JSON. An alias stands for all that it names, so what is made is counted: a few lines could otherwise ask for all memory.</summary>
internal sealed class ManifestToJson
{
    private const int MostValues = 2_000_000;

    private int _made;

    public JsonNode? Convert(ManifestNode node)
    {
        if (++_made > MostValues)
        {
            throw new ManifestException($"aliases make more than {MostValues} values of it", node.Start);
        }

        return node switch
        {
            { Entries: { } entries } => Object(entries),
            { Items: { } items } => new JsonArray([.. items.Select(Convert)]),
            _ => YamlScalars.Value(node.Text!, node.Style),
        };
    }

    private JsonObject Object(IReadOnlyList<ManifestEntry> entries)
    {
        var made = new JsonObject();
        foreach (var entry in entries)
        {
            if (!entry.Merged || !made.ContainsKey(entry.Key.Text!))
            {
                made[entry.Key.Text!] = Convert(entry.Value);
            }
        }

        return made;
    }
}
