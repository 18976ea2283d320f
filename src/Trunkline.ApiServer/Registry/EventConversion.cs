using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Registry;

/// <summary>Events are one resource under two groups, with other names for the same fields (events/v1 conversion.go). They are stored in core's form.</summary>
internal static class EventConversion
{
    private static readonly (string Core, string New)[] Names =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("reportingComponent", "reportingController"), ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"),
    ];

    public static JsonObject ToNew(JsonObject core) => Rename(core, Names.ToDictionary(n => n.Core, n => n.New), "events.k8s.io/v1");

    public static JsonObject ToCore(JsonObject changed) => Rename(changed, Names.ToDictionary(n => n.New, n => n.Core), "v1");

    private static JsonObject Rename(JsonObject document, Dictionary<string, string> names, string apiVersion)
    {
        var renamed = new JsonObject();
        foreach (var (name, value) in document.ToList())
        {
            document.Remove(name);
            renamed[names.GetValueOrDefault(name, name)] = value;
        }

        renamed["apiVersion"] = apiVersion;
        return renamed;
    }
}
