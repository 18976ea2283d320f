using System.Text.Json;
using Spectre.Console;

namespace Trunkline.Benchmarks;

/// <summary>Rows for people (as they come, then a table) or for programs (JSON on standard output, progress on standard error).</summary>
internal sealed class Report(bool isJson)
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };
    private readonly List<Row> _rows = [];

    public bool IsMet => _rows.TrueForAll(row => row.Met != false);

    public static void Say(string words) => Console.Error.WriteLine(words);

    public void Add(Row row)
    {
        _rows.Add(row);
        Say($"{row.Name}: {Row.Text(row.Ours)} {row.Unit}{(row.Peer is null ? "" : $" ({row.PeerName}: {Row.Text(row.Peer)}, ratio {Row.Text(row.Ratio)})")}{(row.Met == false ? $" MISSED: {row.Goal}" : "")}");
    }

    public void Write()
    {
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { rows = _rows }, s_json));
            return;
        }

        if (!AnsiConsole.Profile.Out.IsTerminal)
        {
            AnsiConsole.Profile.Width = 4096; // in a pipe a row is a line
        }

        var table = new Table().AddColumns("work", "unit", "ours", "peer", "ratio", "goal", "met");
        foreach (var row in _rows)
        {
            table.AddRow(Markup.Escape(row.Name), row.Unit, Row.Text(row.Ours), Markup.Escape(row.Peer is null ? "" : $"{Row.Text(row.Peer)} ({row.PeerName})"), Row.Text(row.Ratio),
                Markup.Escape(row.Goal ?? ""), row.Met switch { true => "yes", false => "[red]no[/]", null => "" });
        }

        AnsiConsole.Write(table);
    }
}
