using Trunkline.Node.IntegrationTests.Kernel.Expressions;
using Trunkline.Node.IntegrationTests.Kernel.Sets;

namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <summary>A comparison. What the packet does not have (the IPv4 source of an IPv6 packet) matches nothing, whatever the operator: nft adds the dependency.</summary>
internal sealed class MatchStatement(Expression left, string op, KernelSet? set, FieldRange[]? right) : Statement
{
    public override Step Execute(Walk walk)
    {
        Span<UInt128> values = stackalloc UInt128[Expression.MaxFields];
        var count = left.Evaluate(walk, values);
        if (count == 0)
        {
            return Step.Break;
        }

        var matches = set is not null ? set.Find(values[..count]) is not null : op == "in" ? (values[0] & right![0].First) != 0 : Equal(values[..count], right!, op);
        return matches == (op != "!=") ? Step.Next : Step.Break;
    }

    private static bool Equal(ReadOnlySpan<UInt128> values, FieldRange[] right, string op)
    {
        switch (op)
        {
            case "<":
                return values[0] < right[0].First;
            case ">":
                return values[0] > right[0].First;
            case "<=":
                return values[0] <= right[0].First;
            case ">=":
                return values[0] >= right[0].First;
            default:
                for (var index = 0; index < values.Length; index++)
                {
                    if (!right[index].Contains(values[index]))
                    {
                        return false;
                    }
                }

                return true;
        }
    }
}
