namespace Trunkline.Node.IntegrationTests.Kernel.Expressions;

internal sealed class ConcatExpression(IReadOnlyList<Expression> parts) : Expression([.. parts.SelectMany(part => part.Kinds)])
{
    public override int Evaluate(Walk walk, Span<UInt128> fields)
    {
        var count = 0;
        foreach (var part in parts)
        {
            var read = part.Evaluate(walk, fields[count..]);
            if (read == 0)
            {
                return 0;
            }

            count += read;
        }

        return count;
    }
}
