namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <summary>limit, and ct count: matches below the limit, or (inverted) above it. The packet says which it is.</summary>
internal sealed class LimitStatement(bool inverted) : Statement
{
    public override Step Execute(Walk walk) => walk.Packet.OverLimit == inverted ? Step.Next : Step.Break;
}
