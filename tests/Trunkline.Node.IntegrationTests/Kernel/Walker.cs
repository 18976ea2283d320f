namespace Trunkline.Node.IntegrationTests.Kernel;

/// <summary>Says what becomes of packets under the rules read back from the kernel.</summary>
internal sealed class Walker(KernelRules rules, NodeRoutesView routes)
{
    public KernelRules Rules => rules;

    /// <summary>One way: the <paramref name="choice"/>-th of those a random or hashed choice could take.</summary>
    public Outcome Walk(WalkedPacket packet, int choice = 0) => new Walk(rules, routes, packet, choice).Run();

    /// <summary>Every way.</summary>
    public IReadOnlyList<Outcome> WalkAll(WalkedPacket packet)
    {
        var first = Walk(packet);
        return [first, .. Enumerable.Range(1, first.Alternatives - 1).Select(choice => Walk(packet, choice))];
    }
}
