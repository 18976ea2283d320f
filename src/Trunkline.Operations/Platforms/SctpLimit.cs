using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Platforms;

/// <summary>Something that SCTP cannot do through a part of a network.</summary>
/// <param name="Id">A stable word for it, such as <c>cilium-port-rewrite</c>.</param>
/// <param name="Area">What it is about.</param>
/// <param name="Severity">Error: SCTP of this area does not work at all here; Warning: under conditions; Info: worth knowing.</param>
/// <param name="Text">The limit, in one sentence.</param>
/// <param name="Source">Where it is written.</param>
/// <param name="Remedy">What lifts it, or a way around it; null where there is none.</param>
public sealed record SctpLimit(string Id, LimitArea Area, Severity Severity, string Text, string Source, string? Remedy = null);
