namespace Trunkline.Operations.Platforms;

/// <summary>One part of a cluster's network, how one knows that it is there, and what it does not do for SCTP.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name as people write it.</param>
/// <param name="Evidence">The facts that say so, one a line.</param>
/// <param name="Limits">What SCTP cannot do through it, as it is configured here.</param>
public sealed record NetworkComponent(NetworkKind Kind, string Name, IReadOnlyList<string> Evidence, IReadOnlyList<SctpLimit> Limits);
