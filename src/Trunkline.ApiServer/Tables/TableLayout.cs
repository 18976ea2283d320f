using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;

namespace Trunkline.ApiServer.Tables;

/// <summary>A kind's Table: its columns, and how an object fills them.</summary>
internal sealed record TableLayout(IReadOnlyList<TableColumn> Columns, Func<JsonObject, DateTimeOffset, IReadOnlyList<JsonNode?>> Cells)
{
    public static readonly TableColumn Name = new("Name", "string", ColumnText.Name, 0, "name");
    public static readonly TableColumn Age = new("Age", "string", ColumnText.Age);

    /// <summary>What the server shows of a kind that it has no printer for.</summary>
    public static readonly TableLayout NameAndCreation = new(
        [Name, new("Created At", "date", ColumnText.Age)],
        (o, _) => [Print.Name(o), Print.Creation(o)]);

    public static TableColumn Text(string name, string description) => new(name, "string", description);

    public static TableColumn Number(string name, string description) => new(name, "integer", description);

    public static TableColumn Wide(string name, string description) => new(name, "string", description, 1);
}
