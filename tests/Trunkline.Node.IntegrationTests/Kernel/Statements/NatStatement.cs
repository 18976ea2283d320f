using Trunkline.Node.IntegrationTests.Kernel.Expressions;

namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <summary>dnat, snat, masquerade, redirect: a translation, and the end of the hook's nat.</summary>
internal sealed class NatStatement(bool ofDestination, Expression? address, Expression? port, bool? ipv6) : Statement
{
    public override Step Execute(Walk walk)
    {
        if (ipv6 is { } family && family != walk.IsIpv6)
        {
            return Step.Break;
        }

        Span<UInt128> values = stackalloc UInt128[Expression.MaxFields];
        var count = address?.Evaluate(walk, values) ?? 0;
        if (address is not null && count == 0)
        {
            return Step.Break; // no such key in the map
        }

        if (count == 1 && port is not null && port.Evaluate(walk, values[1..]) == 1)
        {
            count = 2;
        }

        if (ofDestination)
        {
            walk.TranslateDestination(count > 0 ? values[0] : null, count > 1 ? (int)values[1] : null);
        }
        else
        {
            walk.TranslateSource(count > 0 ? values[0] : null);
        }

        walk.Verdict = Verdict.Accept;
        return Step.Verdict;
    }
}
