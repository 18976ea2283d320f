using Trunkline.Node.IntegrationTests.Kernel.Expressions;

namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <summary>meta mark set, ct mark set.</summary>
internal sealed class MangleStatement(bool ofFlow, Expression value) : Statement
{
    public override Step Execute(Walk walk)
    {
        Span<UInt128> values = stackalloc UInt128[Expression.MaxFields];
        if (value.Evaluate(walk, values) != 1)
        {
            return Step.Break;
        }

        if (!ofFlow)
        {
            walk.Mark = (uint)values[0];
        }
        else if (walk.State is not (CtState.Invalid or CtState.Untracked))
        {
            walk.CtMark = (uint)values[0]; // a packet without a flow has nothing to write to (nft_ct_set_eval)
        }

        return Step.Next;
    }
}
