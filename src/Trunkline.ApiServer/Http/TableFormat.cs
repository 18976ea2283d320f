using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Kinds.Strategies;

namespace Trunkline.ApiServer.Http;

/// <summary>Objects as meta.k8s.io Tables and PartialObjectMetadata.</summary>
internal static class TableFormat
{
    public static JsonObject Table(ResourceKind kind, string version, IEnumerable<JsonObject> objects, JsonObject metadata, string include, DateTimeOffset now, bool columns = true)
    {
        var strategy = StrategyCatalog.For(kind);
        var table = new JsonObject { ["kind"] = "Table", ["apiVersion"] = "meta.k8s.io/" + version, ["metadata"] = metadata };
        table["columnDefinitions"] = columns ? new JsonArray([.. strategy.Columns.Select(c => (JsonNode)Column(c))]) : null;
        table["rows"] = new JsonArray([.. objects.Select(o => (JsonNode)Row(strategy, o, version, include, now))]);
        return table;
    }

    public static JsonObject Partial(JsonObject document, string version) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/" + version,
        ["metadata"] = document["metadata"]?.DeepClone(),
    };

    public static JsonObject ListMetadata(long revision, string next, int? remaining)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        if (next.Length > 0)
        {
            metadata["continue"] = next;
            metadata["remainingItemCount"] = remaining;
        }

        return metadata;
    }

    private static JsonObject Column(TableColumn column) => new()
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = column.Format,
        ["description"] = column.Description,
        ["priority"] = column.Priority,
    };

    private static JsonObject Row(IResourceStrategy strategy, JsonObject document, string version, string include, DateTimeOffset now)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. strategy.Cells(document, now).Select(c => c?.DeepClone())]) };
        row["object"] = include switch
        {
            "None" => null,
            "Object" => document.DeepClone(),
            _ => Partial(document, version),
        };
        return row;
    }
}
