using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint.Rules;

/// <summary>A rule, or a small family of rules, of a page or script.</summary>
internal interface IFileRule
{
    /// <summary>Looks at a file.</summary>
    void Check(LintFile file, LintContext context, LintReport report);
}
