namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <summary>iifname, oifname against names that may end in a wildcard.</summary>
internal sealed class LinkMatchStatement(bool isInput, bool negated, IReadOnlyCollection<string> names) : Statement
{
    public override Step Execute(Walk walk)
    {
        var name = (isInput ? walk.In : walk.Out) ?? "";
        var matches = names.Any(pattern => pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern);
        return matches != negated ? Step.Next : Step.Break;
    }
}
