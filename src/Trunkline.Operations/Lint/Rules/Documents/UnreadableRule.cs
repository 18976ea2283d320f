using Trunkline.Operations.Findings;
using Trunkline.Operations.Lint.Catalogue;
using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint.Rules.Documents;

/// <summary>SCTP000: what could not be read. A template in a folder is as it should be; one that was named is not what the caller takes it for.</summary>
internal sealed class UnreadableRule : IFileRule
{
    public void Check(LintFile file, LintContext context, LintReport report)
    {
        var told = false;
        foreach (var problem in file.Problems)
        {
            if (problem.IsTemplate && told)
            {
                continue;
            }

            told |= problem.IsTemplate;
            var severity = !problem.IsTemplate ? Severity.Error : file.IsNamed ? Severity.Warning : Severity.Info;
            report.Add(RuleCatalogue.Unreadable, file, problem.Offset, problem.Offset, problem.Message, problem.Fix, severity: severity);
        }
    }
}
