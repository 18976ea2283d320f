namespace Trunkline.Controllers.Scheduling;

/// <summary>A node, or why there is none.</summary>
internal sealed record SchedulingDecision(string? Node, string? Message);
