namespace Trunkline.Operations.Lint.Sources;

/// <summary>The text between two <c>---</c> lines: one document, or a List of many objects.</summary>
/// <param name="Region">The text and its places.</param>
/// <param name="Fence">The Markdown fence in which it stands; null outside of Markdown.</param>
public sealed record DocumentChunk(TextRegion Region, Fence? Fence)
{
    /// <summary>Where (in the region) an ellipsis leaves something out.</summary>
    public IList<int> Ellipses { get; } = [];
}
