using Trunkline.Node.IntegrationTests.Kernel.Reading;

namespace Trunkline.Node.IntegrationTests.Kernel.Expressions;

internal sealed class ConstantExpression(UInt128 value) : Expression(FieldKind.Number)
{
    public override int Evaluate(Walk walk, Span<UInt128> fields)
    {
        fields[0] = value;
        return 1;
    }
}
