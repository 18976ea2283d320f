namespace Trunkline.Node.IntegrationTests.Kernel.Expressions;

internal sealed class BinaryExpression(Expression left, Expression right, Func<UInt128, UInt128, UInt128> combine) : Expression([.. left.Kinds])
{
    public override int Evaluate(Walk walk, Span<UInt128> fields)
    {
        Span<UInt128> other = stackalloc UInt128[MaxFields];
        if (left.Evaluate(walk, fields) != 1 || right.Evaluate(walk, other) != 1)
        {
            return 0;
        }

        fields[0] = combine(fields[0], other[0]);
        return 1;
    }
}
