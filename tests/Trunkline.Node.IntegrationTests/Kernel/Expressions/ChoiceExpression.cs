using Trunkline.Node.IntegrationTests.Kernel.Reading;

namespace Trunkline.Node.IntegrationTests.Kernel.Expressions;

/// <summary>numgen and hashes: one of so many values. Which one is the kernel's secret, so that the walk says which alternative it is to follow.</summary>
internal sealed class ChoiceExpression(int modulus, int offset, Expression? hashed) : Expression(FieldKind.Number)
{
    public override int Evaluate(Walk walk, Span<UInt128> fields)
    {
        if (hashed is not null && hashed.Evaluate(walk, fields) == 0)
        {
            return 0;
        }

        fields[0] = (UInt128)(walk.Choose(modulus) + offset);
        return 1;
    }
}
