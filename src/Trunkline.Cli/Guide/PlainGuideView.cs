using Trunkline.Operations.Guide;

namespace Trunkline.Cli.Guide;

/// <summary>The walk as plain lines, for pipes and logs.</summary>
internal sealed class PlainGuideView(TextWriter output) : IGuideObserver
{
    public void StepStarted(int id, string title) => output.WriteLine($"step {id}: {title}");

    public void Saw(int id, string evidence) => output.WriteLine($"  {evidence}");

    public void StepEnded(StepResult result) =>
        output.WriteLine(FormattableString.Invariant($"step {result.Id}: {(result.Passed ? "proven" : "NOT PROVEN")} in {result.Seconds:0.0} s"));
}
