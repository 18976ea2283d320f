using Trunkline.Policy.Evaluation;

namespace Trunkline.Operations.Policies;

/// <summary>Where a flow to something that was named goes in the end.</summary>
/// <param name="End">The Pod or address.</param>
/// <param name="Port">Its own port: policies judge after a Service's translation.</param>
/// <param name="Through">The Service and port that lead there; null where it is meant itself.</param>
public sealed record FlowTarget(FlowEnd End, int Port, string? Through);
