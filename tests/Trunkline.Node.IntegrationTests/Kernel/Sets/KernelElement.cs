using Trunkline.Node.IntegrationTests.Kernel.Statements;

namespace Trunkline.Node.IntegrationTests.Kernel.Sets;

/// <summary>An element of a set or map.</summary>
/// <param name="Fields">Its key.</param>
/// <param name="Verdict">Value in a verdict map.</param>
/// <param name="Data">Value in any other map.</param>
internal sealed record KernelElement(FieldRange[] Fields, Verdict? Verdict, UInt128[]? Data);
