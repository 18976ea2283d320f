using Trunkline.Node.Network.Nft;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Policies;

/// <summary>Who stands in which set: addresses of the Pods that a peer selects, and the ports that Pods declare by name.</summary>
internal sealed class PeerMembers(RulesTable table, PodKinds kinds)
{
    private readonly Dictionary<string, HashSet<PodState>> _byPortName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PeerSet> _selections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PeerSet>> _named = new(StringComparer.Ordinal);

    /// <summary>Somebody begins to ask this set.</summary>
    public void Fill(PeerSet set)
    {
        if (set.Use.PortName is { } name)
        {
            (_named.TryGetValue(name, out var sets) ? sets : _named[name] = []).Add(set);
            foreach (var pod in _byPortName.GetValueOrDefault(name) ?? [])
            {
                Claim(set, pod);
            }

            return;
        }

        _selections[set.Name] = set;
        foreach (var kind in set.Use.Pods!.Namespace is { } ns ? kinds.In(ns) : kinds.All)
        {
            Join(kind, set);
        }
    }

    /// <summary>Nobody asks it any more.</summary>
    public void Drain(PeerSet set)
    {
        if (set.Use.PortName is { } name)
        {
            _named[name].Remove(set);
            foreach (var pod in _byPortName.GetValueOrDefault(name) ?? [])
            {
                Withdraw(set, pod, null);
            }

            return;
        }

        _selections.Remove(set.Name);
        foreach (var kind in kinds.All.Where(kind => kind.In.Remove(set)))
        {
            WithdrawAll(set, kind);
        }
    }

    /// <summary>Puts a kind into the sets whose selection it matches, and takes it out of the others.</summary>
    public void Join(PodKind kind)
    {
        foreach (var set in _selections.Values)
        {
            Join(kind, set);
        }
    }

    public void Enter(PodState pod)
    {
        foreach (var name in Names(pod))
        {
            (_byPortName.TryGetValue(name, out var pods) ? pods : _byPortName[name] = []).Add(pod);
        }

        foreach (var set in SetsOf(pod))
        {
            Claim(set, pod);
        }
    }

    /// <param name="pod">Goes.</param>
    /// <param name="after">What it has become; null: it is no more.</param>
    public void Exit(PodState pod, PodState? after)
    {
        foreach (var set in SetsOf(pod))
        {
            Withdraw(set, pod, after);
        }

        foreach (var name in Names(pod))
        {
            _byPortName[name].Remove(pod);
            if (_byPortName[name].Count == 0)
            {
                _byPortName.Remove(name);
            }
        }
    }

    private IEnumerable<PeerSet> SetsOf(PodState pod) => pod.Kind.In.Concat(Names(pod).SelectMany(name => _named.GetValueOrDefault(name) ?? []));

    private static IEnumerable<string> Names(PodState pod) => pod.Pod.Ports.Count == 0 ? [] : pod.Pod.Ports.Select(port => port.Name).Distinct();

    private void Join(PodKind kind, PeerSet set)
    {
        if (!set.Use.Pods!.Matches(kind.Namespace, kinds.LabelsOf(kind.Namespace), kind.Labels))
        {
            if (kind.In.Remove(set))
            {
                WithdrawAll(set, kind);
            }
        }
        else if (kind.In.Add(set))
        {
            foreach (var pod in kind.Pods)
            {
                Claim(set, pod);
            }
        }
    }

    private void WithdrawAll(PeerSet set, PodKind kind)
    {
        foreach (var pod in kind.Pods)
        {
            Withdraw(set, pod, null);
        }
    }

    private void Claim(PeerSet set, PodState pod)
    {
        foreach (var key in KeysOf(set, pod))
        {
            table.Claim(pod.Uid, new NftElement(set.Name, key));
        }
    }

    // What the Pod still claims as it now is stays.
    private void Withdraw(PeerSet set, PodState pod, PodState? after)
    {
        var kept = after is not null && (set.Use.PortName is not null || after.Kind.In.Contains(set)) ? KeysOf(set, after).ToHashSet(StringComparer.Ordinal) : [];
        foreach (var key in KeysOf(set, pod).Where(key => !kept.Contains(key)))
        {
            table.Withdraw(pod.Uid, set.Name, key);
        }
    }

    private static IEnumerable<string> KeysOf(PeerSet set, PodState pod)
    {
        if (pod.Pod.AddressOf(set.Use.Words.Family) is not { } address)
        {
            return [];
        }

        return set.Use.PortName is { } name
            ? pod.Pod.Ports.Where(port => port.Name == name).Select(port => $"{address} . {port.Protocol.Lower()} . {port.Number}").Distinct()
            : [$"{address}"];
    }
}
