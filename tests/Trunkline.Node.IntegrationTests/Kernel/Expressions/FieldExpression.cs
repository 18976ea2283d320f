using Trunkline.Node.IntegrationTests.Kernel.Reading;

namespace Trunkline.Node.IntegrationTests.Kernel.Expressions;

/// <summary>One field of the packet, its flow or its way; null where it has none.</summary>
internal sealed class FieldExpression(FieldKind kind, Func<Walk, UInt128?> read) : Expression(kind)
{
    public override int Evaluate(Walk walk, Span<UInt128> fields)
    {
        if (read(walk) is not { } value)
        {
            return 0;
        }

        fields[0] = value;
        return 1;
    }
}
