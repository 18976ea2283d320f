namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <param name="Kind">What is to become of the packet.</param>
/// <param name="Chain">Where it goes on, for jump and goto.</param>
internal sealed record Verdict(VerdictKind Kind, string? Chain = null)
{
    public static Verdict Accept { get; } = new(VerdictKind.Accept);
}
