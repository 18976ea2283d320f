namespace Trunkline.Node.IntegrationTests.Kernel.Sets;

/// <summary>A field of an element: one value, or a run of them.</summary>
internal readonly record struct FieldRange(UInt128 First, UInt128 Last)
{
    public bool IsSingle => First == Last;

    public bool Contains(UInt128 value) => value >= First && value <= Last;
}
