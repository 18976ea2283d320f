using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Apply;

/// <summary>One entry of managedFields.</summary>
internal sealed record ManagerEntry(string Manager, string Operation, string ApiVersion, string Time, string Subresource, FieldSet Fields)
{
    public static ManagerEntry Parse(JsonObject json) => new(
        (string?)json["manager"] ?? "",
        (string?)json["operation"] ?? "",
        (string?)json["apiVersion"] ?? "",
        (string?)json["time"] ?? "",
        (string?)json["subresource"] ?? "",
        FieldSet.Parse(json["fieldsV1"]));

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["manager"] = Manager,
            ["operation"] = Operation,
            ["apiVersion"] = ApiVersion,
            ["time"] = Time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = Fields.ToJson(),
        };
        if (Subresource.Length > 0)
        {
            json["subresource"] = Subresource;
        }

        return json;
    }
}
