using Trunkline.Policy.Compiled;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Findings;

/// <summary>Takes away one thing after another, in one direction, and looks whether anything changes.</summary>
internal sealed class DirectionFindings
{
    private readonly TrafficDirection _direction;
    private readonly ChainComparer _comparer;
    private readonly IReadOnlyList<PolicyUnit> _units;
    private readonly ILookup<PolicyUnit, PodGroup> _groups;

    public DirectionFindings(PolicyCluster cluster, PodIndex index, TrafficDirection direction)
    {
        _direction = direction;
        _comparer = new ChainComparer(cluster, index, direction);
        _units = new UnitReader(cluster, index, direction).Read();
        _groups = PolicyFindings.Groups(_units, index.Count).SelectMany(group => group.Units.Select(unit => (unit, group)))
            .ToLookup(pair => pair.unit, pair => pair.group, (IEqualityComparer<PolicyUnit>)ReferenceEqualityComparer.Instance);
    }

    /// <summary>Null where the policy says nothing in this direction.</summary>
    public UnitFindings? Of(string name, bool isCluster, bool byEffect)
    {
        if (_units.FirstOrDefault(unit => unit.Name == name && unit.Tier is not null == isCluster) is not { } unit)
        {
            return null;
        }

        var parts = new List<PolicyFinding>();
        if (!byEffect)
        {
            return new UnitFindings(null, [.. Enumerable.Range(0, unit.Rules.Count).SelectMany(rule => Mistakes(unit, rule))]);
        }

        var gone = IsSameWith(unit, null, null);
        for (var rule = 0; rule < unit.Rules.Count; rule++)
        {
            parts.AddRange(Rule(unit, rule, gone));
        }

        return new UnitFindings(gone ? WhyGone(unit) : null, parts);
    }

    private IEnumerable<PolicyFinding> Mistakes(PolicyUnit unit, int at)
    {
        var rule = unit.Rules[at];
        if (rule.Unreadable is { } unreadable)
        {
            return [Finding(FindingKind.Unreadable, unit, at, $"it fails closed: {unreadable}")];
        }

        return rule.Peers.Select((peer, index) => peer.MeansNothing is { } nobody ? Finding(FindingKind.PeerMatchesNobody, unit, at, $"{peer.Text}: {nobody}") with { Peer = index } : null)
            .Concat(rule.Ports.Select((port, index) => port.MeansNothing is { } undeclared ? Finding(FindingKind.PortNameUnknown, unit, at, undeclared) with { Port = index } : null))
            .OfType<PolicyFinding>();
    }

    private IEnumerable<PolicyFinding> Rule(PolicyUnit unit, int at, bool policyHasNoEffect)
    {
        var rule = unit.Rules[at];
        if (rule.Unreadable is { } unreadable)
        {
            yield return Finding(FindingKind.Unreadable, unit, at, $"it fails closed: {unreadable}");
            yield break;
        }

        var isSame = IsSameWith(unit, unit.With(at, null), rule.Compiled);
        if (isSame && !policyHasNoEffect)
        {
            yield return Finding(FindingKind.RuleWithoutEffect, unit, at, WhyRule(unit, at));
        }

        for (var index = 0; index < rule.Peers.Count; index++)
        {
            if (rule.Peers[index].MeansNothing is { } nobody)
            {
                yield return Finding(FindingKind.PeerMatchesNobody, unit, at, $"{rule.Peers[index].Text}: {nobody}") with { Peer = index };
            }
            else if (!isSame && IsSameWith(unit, unit.With(at, rule.Peers[index].Without()), rule.Compiled))
            {
                yield return Finding(FindingKind.PeerWithoutEffect, unit, at, $"{rule.Peers[index].Text}: what it says is already decided by others") with { Peer = index };
            }
        }

        for (var index = 0; index < rule.Ports.Count; index++)
        {
            if (rule.Ports[index].MeansNothing is { } undeclared)
            {
                yield return Finding(FindingKind.PortNameUnknown, unit, at, undeclared) with { Port = index };
            }
            else if (!isSame && IsSameWith(unit, unit.With(at, rule.Ports[index].Without()), rule.Compiled))
            {
                yield return Finding(FindingKind.PortWithoutEffect, unit, at, $"{rule.Ports[index].Text}: what it says is already decided by others") with { Port = index };
            }
        }
    }

    private bool IsSameWith(PolicyUnit unit, PolicyUnit? changed, CompiledRule? rule) =>
        _groups[unit].All(group => _comparer.AreSame(group.Chain, group.With(unit, changed), group.Pods, rule));

    private string WhyGone(PolicyUnit unit) => unit.Rules.Count switch
    {
        0 => $"{unit.Word}: its Pods are isolated by others, and it allows nothing",
        1 => $"{unit.Word}: {WhyRule(unit, 0)}",
        _ => $"{unit.Word}: {string.Join(", ", Enumerable.Range(0, unit.Rules.Count).Select(rule => $"[{rule}] {WhyRule(unit, rule)}"))}",
    };

    private string WhyRule(PolicyUnit unit, int at)
    {
        var rule = unit.Rules[at];
        if (rule.Compiled is not { } compiled || compiled.Peers is { IsEmpty: true })
        {
            return "its peers are nobody now";
        }

        if (rule.Ports.Count > 0 && rule.Ports.All(port => port.MeansNothing is not null))
        {
            return rule.Ports[0].MeansNothing!;
        }

        if (unit.Tier != PolicyTier.Admin && _groups[unit].All(group => IsDecidedBefore(group, unit, compiled)))
        {
            return "the Admin tier decides all of its traffic";
        }

        if (unit.Tier == PolicyTier.Baseline && _groups[unit].All(group => group.Units.Any(other => other.Tier is null)))
        {
            return "NetworkPolicies isolate all of its Pods, and their word is final";
        }

        return Covering(unit, at, compiled) is { } place ? $"{place} says as much or more" : "other rules together say the same";
    }

    // With this rule alone, or with none, behind the Admin tier.
    private bool IsDecidedBefore(PodGroup group, PolicyUnit unit, CompiledRule rule)
    {
        var admin = group.Units.Where(other => other.Tier == PolicyTier.Admin).SelectMany(other => other.Rules).Select(other => other.Compiled).OfType<CompiledRule>().ToList();
        return admin.Count > 0 && (unit.Tier is null
            ? _comparer.AreSame(new RuleChain(admin, true, [], []), new RuleChain(admin, true, [rule], []), group.Pods, rule)
            : _comparer.AreSame(new RuleChain(admin, false, [], []), new RuleChain(admin, false, [], [rule with { Effect = ClusterPolicyAction.Deny }]), group.Pods, rule));
    }

    private string? Covering(PolicyUnit unit, int at, CompiledRule rule)
    {
        var groups = _groups[unit].ToList();
        return groups.SelectMany(group => group.Units).Distinct((IEqualityComparer<PolicyUnit>)ReferenceEqualityComparer.Instance)
            .Where(other => other.Tier == unit.Tier && groups.TrueForAll(group => group.Units.Contains(other, (IEqualityComparer<PolicyUnit>)ReferenceEqualityComparer.Instance)))
            .SelectMany(other => other.Rules.Select((candidate, index) => (other, candidate.Compiled, index)))
            .Where(item => !(ReferenceEquals(item.other, unit) && item.index == at))
            .Where(item => item.Compiled is { } wider && (wider.Peers is null || (rule.Peers is not null && rule.Peers.IsWithin(wider.Peers)))
                && (wider.Ports is null || (rule.Ports is not null && rule.Ports.IsWithin(wider.Ports))))
            .Select(item => $"{item.other.Name} {unit.Word}[{item.index}]").FirstOrDefault();
    }

    private PolicyFinding Finding(FindingKind kind, PolicyUnit unit, int rule, string why) =>
        new(kind, unit.Name, why) { IsCluster = unit.Tier is not null, Direction = _direction, Rule = rule };
}
