using Trunkline.Node.IntegrationTests.Kernel.Reading;

namespace Trunkline.Node.IntegrationTests.Kernel.Expressions;

/// <summary>Something a rule reads of a packet, in one or several fields.</summary>
/// <param name="kinds">How its fields are written.</param>
internal abstract class Expression(params FieldKind[] kinds)
{
    public const int MaxFields = 8;

    public IReadOnlyList<FieldKind> Kinds => kinds;

    /// <summary>Writes its fields; 0 where the packet has no such thing.</summary>
    public abstract int Evaluate(Walk walk, Span<UInt128> fields);
}
