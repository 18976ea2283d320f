namespace Trunkline.Policy.Findings;

/// <summary>What was found of one policy in one direction.</summary>
internal sealed record UnitFindings(string? WithoutEffect, IReadOnlyList<PolicyFinding> Parts);
