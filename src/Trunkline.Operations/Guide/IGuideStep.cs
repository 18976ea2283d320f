namespace Trunkline.Operations.Guide;

/// <summary>One step of the guide: what it says is done, and what it claims is proven.</summary>
internal interface IGuideStep
{
    string Title { get; }

    /// <summary>Walks the step.</summary>
    /// <exception cref="NotProvenException">The proof did not hold.</exception>
    Task WalkAsync(GuideContext guide, CancellationToken cancel);
}
