using Trunkline.Node.IntegrationTests.Kernel.Expressions;
using Trunkline.Node.IntegrationTests.Kernel.Sets;

namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <summary>A verdict map: the rule ends without effect where there is no such key.</summary>
internal sealed class VmapStatement(Expression key, KernelSet map) : Statement
{
    public KernelSet Map => map;

    public override Step Execute(Walk walk)
    {
        Span<UInt128> values = stackalloc UInt128[Expression.MaxFields];
        var count = key.Evaluate(walk, values);
        if (count == 0 || map.Find(values[..count]) is not { } element)
        {
            return Step.Break;
        }

        walk.Verdict = element.Verdict ?? throw new UnknownRuleException($"{map.Name} has elements without a verdict");
        return Step.Verdict;
    }
}
