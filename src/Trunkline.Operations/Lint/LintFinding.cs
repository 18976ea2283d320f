using Trunkline.Operations.Findings;
using Trunkline.Operations.Lint.Fixes;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint;

/// <summary>A finding and the edits that take it away.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="File">The file; null for an object of a cluster.</param>
/// <param name="Offset">Where in the file.</param>
/// <param name="Edits">The edits; none where a person has to decide.</param>
public sealed record LintFinding(Finding Finding, LintFile? File, int Offset, IReadOnlyList<TextEdit> Edits);
