namespace Trunkline.Operations.Guide;

/// <summary>Is told of the walk while it goes on: a live view, or plain lines.</summary>
public interface IGuideObserver
{
    /// <summary>A step begins.</summary>
    void StepStarted(int id, string title);

    /// <summary>A step did or saw something.</summary>
    void Saw(int id, string evidence);

    /// <summary>A step ended.</summary>
    void StepEnded(StepResult result);
}
