namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <summary>counter, log, set updates: nothing happens to the packet.</summary>
internal sealed class PassingStatement : Statement
{
    public override Step Execute(Walk walk) => Step.Next;
}
