using Spectre.Console;
using Spectre.Console.Rendering;
using Trunkline.Operations.Enable;

namespace Trunkline.Cli.Enable;

/// <summary>A table of pools and nodes that is kept up to date: for terminals.</summary>
internal sealed class LiveModuleView(LiveDisplayContext live, TimeProvider time) : IModuleObserver
{
    private const int LastLines = 6;
    private readonly List<string> _lines = [];
    private readonly long _start = time.GetTimestamp();
    private Table? _table;

    /// <summary>Runs something under a live table.</summary>
    public static Task<ModuleResult> RunAsync(IAnsiConsole console, TimeProvider time, Func<IModuleObserver, Task<ModuleResult>> run) =>
        console.Live(Text.Empty).AutoClear(false).StartAsync(live => run(new LiveModuleView(live, time)));

    public void Say(string line)
    {
        _lines.Add(line);
        Show();
    }

    public void Table(RolloutTable table)
    {
        _table = new Table().Border(TableBorder.Rounded).AddColumns("Pool", "Node", "Current", "Desired", "State", "Ready");
        foreach (var pool in table.Pools)
        {
            _table.AddRow($"[bold]{Markup.Escape(pool.Name)}[/]", $"[{(pool.Done ? "green" : "yellow")}]{Markup.Escape(pool.Target is { } target ? pool.Phase.Replace(target, "it", StringComparison.Ordinal) : pool.Phase)}[/]");
            foreach (var node in pool.Nodes)
            {
                _table.AddRow("", Markup.Escape(node.Name), Short(node.Current), Short(node.Desired), $"[{(node.Updated ? "green" : "yellow")}]{Markup.Escape(ModuleWords.Of(node))}[/]", node.Ready ? "yes" : "[red]no[/]");
            }
        }

        Show();
    }

    private void Show()
    {
        var parts = new List<IRenderable>(_lines.TakeLast(LastLines).Select(line => new Text(line)));
        if (_table is not null)
        {
            parts.Add(_table);
        }

        parts.Add(new Text(FormattableString.Invariant($"{time.GetElapsedTime(_start).TotalSeconds:0} s; Ctrl-C stops the waiting, not the roll-out")));
        live.UpdateTarget(new Rows(parts));
    }

    // rendered-worker- and 32 hex digits: the last six tell them apart.
    private static string Short(string? rendered) => Markup.Escape(rendered is { Length: > 6 } ? $"…{rendered[^6..]}" : rendered ?? "");
}
