using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Storage;

/// <summary>The fields that a field selector may name, by resource, as the real server's registries allow them.</summary>
public static class SelectableFields
{
    private static readonly Dictionary<string, string[]> Extra = new(StringComparer.Ordinal)
    {
        ["pods"] =
        [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName",
        ],
        ["events"] =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
            "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        ["nodes"] = ["spec.unschedulable"],
        ["namespaces"] = ["status.phase"],
        ["secrets"] = ["type"],
        ["services"] = ["spec.clusterIP", "spec.type"],
    };

    public static bool Allows(string resource, string field) =>
        field is "metadata.name" or "metadata.namespace" || (Extra.TryGetValue(resource, out var fields) && fields.Contains(field));

    internal static Dictionary<string, string> Of(ObjectKey key, JsonObject document)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["metadata.name"] = key.Name, ["metadata.namespace"] = key.Namespace };
        if (Extra.TryGetValue(key.Resource, out var fields))
        {
            foreach (var field in fields)
            {
                values[field] = Value(document, field);
            }
        }

        return values;
    }

    private static string Value(JsonObject document, string field)
    {
        if (field == "source")
        {
            return Text((document["source"] as JsonObject)?["component"]) is { Length: > 0 } component ? component : Text(document["reportingComponent"]);
        }

        JsonNode? node = document;
        foreach (var part in field.Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        return node is null && field is ("spec.unschedulable" or "spec.hostNetwork") ? "false" : Text(node);
    }

    private static string Text(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value => value.ToJsonString(),
        _ => "",
    };
}
