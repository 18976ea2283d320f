namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <summary>One statement of a rule.</summary>
internal abstract class Statement
{
    public abstract Step Execute(Walk walk);
}
