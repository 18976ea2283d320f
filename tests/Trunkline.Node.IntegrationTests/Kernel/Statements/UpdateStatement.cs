using Trunkline.Node.IntegrationTests.Kernel.Expressions;

namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <summary>add, update: a packet writes into a set. Where it has no such key, and where a limit of the element has been reached, the rule ends.</summary>
internal sealed class UpdateStatement(Expression key, bool isLimited) : Statement
{
    public override Step Execute(Walk walk)
    {
        Span<UInt128> values = stackalloc UInt128[Expression.MaxFields];
        return key.Evaluate(walk, values) == 0 || (isLimited && walk.Packet.OverLimit) ? Step.Break : Step.Next;
    }
}
