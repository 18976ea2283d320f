namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

internal sealed class NotrackStatement : Statement
{
    public override Step Execute(Walk walk)
    {
        walk.State = CtState.Untracked;
        return Step.Next;
    }
}
