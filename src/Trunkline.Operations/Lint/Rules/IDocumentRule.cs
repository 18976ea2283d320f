using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;

namespace Trunkline.Operations.Lint.Rules;

/// <summary>A rule, or a small family of rules, of one document in its context.</summary>
internal interface IDocumentRule
{
    /// <summary>Looks at a document.</summary>
    void Check(LintDocument document, LintContext context, LintReport report);
}
