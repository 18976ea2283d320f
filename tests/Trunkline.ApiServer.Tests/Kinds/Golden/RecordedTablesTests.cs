using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds.Strategies;
using Xunit;

namespace Trunkline.ApiServer.Tests.Kinds.Golden;

/// <summary>Columns and cells of the recorded Tables.</summary>
public sealed class RecordedTablesTests
{
    public static TheoryData<string> Tables
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (var e in GoldenExchange.All("05-table").Where(e => e.Answer?["kind"]?.GetValue<string>() == "Table" && e.Answer["columnDefinitions"] is JsonArray))
            {
                data.Add(e.File);
            }

            return data;
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Tables))]
    public void Columns_are_the_recorded_ones(string file)
    {
        var exchange = GoldenExchange.All("05-table").Single(e => e.File == file);
        var columns = StrategyCatalog.For(exchange.Kind!).Columns.Select(c => new JsonObject
        {
            ["name"] = c.Name,
            ["type"] = c.Type,
            ["format"] = c.Format,
            ["description"] = c.Description,
            ["priority"] = c.Priority,
        });
        Assert.Equal(exchange.Answer!["columnDefinitions"]!.AsArray().Select(c => c!.ToJsonString()), columns.Select(c => c.ToJsonString()));
    }

    [Theory(SkipTestWithoutData = true)]
    [InlineData("010-table-pods-includeObject-Object.http")]
    public void Cells_are_the_recorded_ones(string file)
    {
        Assert.SkipWhen(GoldenExchange.Folder is null, "golden/ is absent");
        var exchange = GoldenExchange.All("05-table").Single(e => e.File == file);
        var strategy = StrategyCatalog.For(exchange.Kind!);
        var rows = exchange.Answer!["rows"]!.AsArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var pod = row!["object"]!.AsObject();
            var created = DateTimeOffset.Parse(pod["metadata"]!["creationTimestamp"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
            var age = int.Parse(row["cells"]![4]!.GetValue<string>().TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture);
            var cells = new JsonArray([.. strategy.Cells(pod, created.AddSeconds(age)).Select(c => c?.DeepClone())]);
            Assert.Equal(row["cells"]!.ToJsonString(), cells.ToJsonString());
        }
    }
}
