using System.Text.Json.Nodes;

namespace Trunkline.Node.Runtime.Oci;

/// <summary>One mount of a container, in the runtime specification's words.</summary>
internal sealed record OciMount(string Destination, string Type, string Source, params string[] Options)
{
    public static OciMount Bind(string source, string destination, bool readOnly) =>
        new(destination, "bind", source, "rbind", "rprivate", readOnly ? "ro" : "rw");

    public JsonObject ToJson() => new()
    {
        ["destination"] = Destination,
        ["type"] = Type,
        ["source"] = Source,
        ["options"] = new JsonArray([.. Options.Select(option => (JsonNode)option)]),
    };
}
