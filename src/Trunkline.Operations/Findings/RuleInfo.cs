namespace Trunkline.Operations.Findings;

/// <summary>What a rule or check is, apart from any finding.</summary>
/// <param name="Id">Its stable id, such as <c>SCTP002</c>.</param>
/// <param name="Name">Its name in words joined by hyphens, such as <c>peer-or-instead-of-and</c>.</param>
/// <param name="Severity">The severity of its findings, if they do not say otherwise.</param>
/// <param name="Summary">What it finds, in one sentence.</param>
/// <param name="Explanation">Why that matters and what to do, in a paragraph or more.</param>
/// <param name="Source">Where it is written: an RFC section, a Kubernetes rule, an issue.</param>
public sealed record RuleInfo(string Id, string Name, Severity Severity, string Summary, string Explanation, string Source);
