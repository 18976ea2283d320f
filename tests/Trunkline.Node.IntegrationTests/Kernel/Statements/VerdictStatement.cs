namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <summary>accept, drop, reject, queue, jump, goto, return, continue.</summary>
internal sealed class VerdictStatement(Verdict verdict) : Statement
{
    public Verdict Verdict => verdict;

    public override Step Execute(Walk walk)
    {
        walk.Verdict = verdict;
        return Step.Verdict;
    }
}
