namespace Trunkline.Operations.Enable;

/// <summary>Something that a drain deletes for good.</summary>
/// <param name="Node">The node that is drained.</param>
/// <param name="Pod">The Pod, with its namespace.</param>
/// <param name="What">What is lost.</param>
public sealed record PodLoss(string Node, string Pod, string What);
