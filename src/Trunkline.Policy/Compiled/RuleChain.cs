using System.Net.Sockets;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Compiled;

/// <summary>All rules of a Pod in one direction, in the order of the tiers; shared by all Pods under the same policies.</summary>
internal sealed class RuleChain
{
    // Fewer are quicker to walk than to join.
    private const int WorthJoining = 8;

    public RuleChain(
        IReadOnlyList<CompiledRule> admin, bool isIsolated, IReadOnlyList<CompiledRule> allowed, IReadOnlyList<CompiledRule> baseline, int worthJoining = WorthJoining)
    {
        (Admin, IsIsolated, Baseline) = ([.. admin], isIsolated, [.. baseline]);
        Allowed = allowed.Count < worthJoining ? [.. allowed] : Join(allowed);
        _adminEntries = [.. Admin.SelectMany(ChainEntry.Of)];
        _otherEntries = [.. (IsIsolated ? Allowed : Baseline).SelectMany(ChainEntry.Of)];
        HasNames = Admin.Concat(Allowed).Concat(Baseline).Any(rule => rule.Ports?.HasNames ?? false);
    }

    private readonly ChainEntry[] _adminEntries;
    private readonly ChainEntry[] _otherEntries;

    public CompiledRule[] Admin { get; }

    /// <summary>Whether a NetworkPolicy isolates the Pod: its verdict is then final.</summary>
    public bool IsIsolated { get; }

    public CompiledRule[] Allowed { get; }

    public CompiledRule[] Baseline { get; }

    public bool HasNames { get; }

    /// <summary>Between two Pods that selectors can find.</summary>
    public bool Allows(int other, AddressFamily family, TransportProtocol protocol, int port, NamedPort[] declared)
    {
        foreach (ref readonly var entry in _adminEntries.AsSpan())
        {
            if (entry.Matches(other, family, protocol, port, declared))
            {
                if (entry.Effect == ClusterPolicyAction.Pass)
                {
                    break;
                }

                return entry.Effect == ClusterPolicyAction.Accept;
            }
        }

        foreach (ref readonly var entry in _otherEntries.AsSpan())
        {
            if (entry.Matches(other, family, protocol, port, declared))
            {
                return entry.Effect != ClusterPolicyAction.Deny;
            }
        }

        return !IsIsolated;
    }

    /// <summary>With an end that has no number here: <paramref name="isPeer"/> says whom it is.</summary>
    public bool Allows(Func<CompiledPeers, bool> isPeer, bool ownNode, TransportProtocol protocol, int port, NamedPort[] declared)
    {
        bool Matches(CompiledRule rule) => (rule.Peers is null || isPeer(rule.Peers)) && rule.MatchesPort(protocol, port, declared);
        if (Array.Find(Admin, Matches) is { } first && first.Effect != ClusterPolicyAction.Pass)
        {
            return first.Effect == ClusterPolicyAction.Accept;
        }

        if (IsIsolated)
        {
            return ownNode || Array.Exists(Allowed, Matches);
        }

        return Array.Find(Baseline, Matches)?.Effect != ClusterPolicyAction.Deny;
    }

    /// <summary>All Pods that are allowed at one port: ports do not change from Pod to Pod, so peers can be joined as sets.</summary>
    public PodSet AllowedPeers(int count, AddressFamily family, Func<CompiledRule, PodSet?> portMatches)
    {
        var (allowed, decided) = (new PodSet(count), new PodSet(count));
        var passed = new PodSet(count);
        Walk(Admin);
        decided.Without(passed);
        Walk(IsIsolated ? Allowed : Baseline);
        return IsIsolated ? allowed : allowed.Or(PodSet.All(count).Without(decided));

        void Walk(CompiledRule[] rules)
        {
            foreach (var rule in rules)
            {
                if (portMatches(rule) is not { } hit)
                {
                    continue;
                }

                if (rule.Peers is not null)
                {
                    hit.And(rule.Peers.In(family));
                }

                hit.Without(decided);
                decided.Or(hit);
                _ = rule.Effect switch
                {
                    ClusterPolicyAction.Accept => allowed.Or(hit),
                    ClusterPolicyAction.Pass => ReferenceEquals(rules, Admin) ? passed.Or(hit) : allowed.Or(hit),
                    _ => hit,
                };
            }
        }
    }

    // The order of allowing rules does not matter: those of equal ports are one with all their peers.
    private static CompiledRule[] Join(IReadOnlyList<CompiledRule> rules) =>
    [
        .. rules.GroupBy(rule => rule.Ports?.Key ?? "*", StringComparer.Ordinal).Select(same =>
        {
            var peers = same.Select(rule => rule.Peers).ToList();
            return peers.Count == 1 ? same.First()
                : new CompiledRule(ClusterPolicyAction.Accept, peers.Contains(null) ? null : CompiledPeers.Union(peers!), same.First().Ports);
        }),
    ];
}
