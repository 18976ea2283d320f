namespace Trunkline.Operations.Enable;

/// <summary>What a node itself says of its SCTP module.</summary>
/// <param name="Node">The node.</param>
/// <param name="State">Whether it is loaded.</param>
/// <param name="Evidence">What was seen there, or why nothing was.</param>
public sealed record NodeProof(string Node, ModuleState State, string Evidence);
