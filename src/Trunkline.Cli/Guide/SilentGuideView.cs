using Trunkline.Operations.Guide;

namespace Trunkline.Cli.Guide;

/// <summary>Says nothing: the JSON report at the end is the output.</summary>
internal sealed class SilentGuideView : IGuideObserver
{
    public void StepStarted(int id, string title)
    {
    }

    public void Saw(int id, string evidence)
    {
    }

    public void StepEnded(StepResult result)
    {
    }
}
