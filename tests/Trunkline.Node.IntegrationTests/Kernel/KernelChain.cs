namespace Trunkline.Node.IntegrationTests.Kernel;

/// <summary>A chain of the table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hook">prerouting, input, forward, output, postrouting; null where only rules lead to it.</param>
/// <param name="Priority">Place among the chains of its hook.</param>
/// <param name="IsNat">Asked for the first packet of a flow only.</param>
/// <param name="Drops">Its policy.</param>
internal sealed record KernelChain(string Name, string? Hook, int Priority, bool IsNat, bool Drops)
{
    public List<KernelRule> Rules { get; } = [];
}
