using Spectre.Console;
using Trunkline.Operations.Guide;

namespace Trunkline.Cli.Guide;

/// <summary>The walk in a terminal: a spinner for what is being done, what was seen under each step, and a mark when it is proven.</summary>
internal sealed class LiveGuideView(IAnsiConsole console, StatusContext status) : IGuideObserver
{
    public void StepStarted(int id, string title)
    {
        console.MarkupLineInterpolated($"[bold]{id}. {title}[/]");
        status.Status(Markup.Escape($"step {id} of {GuideRunner.StepCount}"));
    }

    public void Saw(int id, string evidence)
    {
        console.MarkupLineInterpolated($"   [grey]{evidence}[/]");
        status.Status(Markup.Escape($"step {id} of {GuideRunner.StepCount}: after: {Shorten(evidence)}"));
    }

    public void StepEnded(StepResult result)
    {
        if (result.Passed)
        {
            console.MarkupLineInterpolated($"   [green]✓ proven[/] in {result.Seconds:0.0} s");
        }
        else
        {
            console.MarkupLineInterpolated($"   [red]✗ not proven[/] after {result.Seconds:0.0} s");
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
