using Trunkline.Node.IntegrationTests.Kernel.Reading;
using Trunkline.Node.IntegrationTests.Kernel.Sets;

namespace Trunkline.Node.IntegrationTests.Kernel.Expressions;

/// <summary>What a map holds under a key; nothing where it holds none.</summary>
internal sealed class MapExpression(Expression key, KernelSet map) : Expression(FieldKind.Number)
{
    public override int Evaluate(Walk walk, Span<UInt128> fields)
    {
        Span<UInt128> values = stackalloc UInt128[MaxFields];
        var count = key.Evaluate(walk, values);
        if (count == 0 || map.Find(values[..count])?.Data is not { } data)
        {
            return 0;
        }

        data.CopyTo(fields);
        return data.Length;
    }
}
