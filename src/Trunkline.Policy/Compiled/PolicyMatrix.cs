using System.Net.Sockets;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Compiled;

/// <summary>
/// Every verdict between a cluster's Pods at one protocol and port. Pods under the same rules share one answer, which is computed when it is first asked for; rows and
/// columns are made on demand. One thread at a time.
/// </summary>
public sealed class PolicyMatrix
{
    private readonly CompiledPolicies _policies;
    private readonly PodSet _plain;
    private readonly AddressFamily _family;
    private readonly Dictionary<(RuleChain Chain, string Ports), PodSet> _ingress = [];
    private readonly Dictionary<RuleChain, PodSet> _egress = [];
    private readonly PodSet?[] _sources;
    private readonly PodSet?[] _destinations;
    private readonly PodSet _all;
    private readonly Dictionary<CompiledPorts, PodSet> _named = [];
    private List<(PodSet Sources, int[] Pods)>? _classes;

    internal PolicyMatrix(CompiledPolicies policies, PodSet plain, TransportProtocol protocol, int port, AddressFamily family)
    {
        (_policies, _plain, Protocol, Port, _family) = (policies, plain, protocol, port, family);
        (_sources, _destinations) = (new PodSet?[Count], new PodSet?[Count]);
        _all = PodSet.All(Count);
    }

    public TransportProtocol Protocol { get; }

    public int Port { get; }

    public IReadOnlyList<PolicyPod> Pods => _policies.Pods;

    public int Count => Pods.Count;

    /// <summary>How many different answers there are for sources and for destinations: what is computed, in place of one for each Pod.</summary>
    public (int Sources, int Destinations) Classes => (
        Enumerable.Range(0, Count).Select(DestinationsOf).Distinct(ReferenceEqualityComparer.Instance).Count(),
        Enumerable.Range(0, Count).Select(SourcesOf).Distinct(ReferenceEqualityComparer.Instance).Count());

    public bool this[int source, int destination] => source == destination || (_plain.Contains(source) && _plain.Contains(destination)
        ? DestinationsOf(source).Contains(destination) && SourcesOf(destination).Contains(source)
        : IsAllowedTheLongWay(source, destination));

    /// <summary>Where a Pod may go.</summary>
    public PodSet Row(int source)
    {
        if (!_plain.Contains(source))
        {
            return OneByOne(pod => this[source, pod]);
        }

        var row = new PodSet(Count);
        foreach (var (sources, pods) in _classes ??= DestinationClasses())
        {
            if (sources.Contains(source))
            {
                foreach (var pod in pods)
                {
                    row.Add(pod);
                }
            }
        }

        row.And(DestinationsOf(source));
        row.Add(source);
        return Complete(row, pod => this[source, pod]);
    }

    /// <summary>Who may come to a Pod.</summary>
    public PodSet Column(int destination)
    {
        if (!_plain.Contains(destination))
        {
            return OneByOne(pod => this[pod, destination]);
        }

        var column = new PodSet(Count);
        foreach (var source in SourcesOf(destination).Indexes())
        {
            if (_plain.Contains(source) && DestinationsOf(source).Contains(destination))
            {
                column.Add(source);
            }
        }

        column.Add(destination);
        return Complete(column, pod => this[pod, destination]);
    }

    /// <summary>How many ordered pairs of Pods, each with itself included, are allowed: the whole matrix, by classes of sources and of destinations.</summary>
    public long CountAllowed()
    {
        var sourceClasses = Enumerable.Range(0, Count).Where(_plain.Contains).GroupBy<int, PodSet>(DestinationsOf, ReferenceEqualityComparer.Instance)
            .Select(same => (Destinations: same.Key, Pods: same.ToArray())).ToList();
        long allowed = 0;
        foreach (var (sources, destinations) in _classes ??= DestinationClasses())
        {
            foreach (var (reachable, members) in sourceClasses)
            {
                var coming = CountIn(sources, members);
                allowed += coming == 0 ? 0 : (long)coming * CountIn(reachable, destinations);
            }
        }

        // What classes do not say: a Pod always reaches itself, and Pods that are no plain ones have verdicts of their own.
        var plain = _plain.Indexes().ToList();
        allowed += plain.Count(pod => !(DestinationsOf(pod).Contains(pod) && SourcesOf(pod).Contains(pod)));
        foreach (var pod in _all.Clone().Without(_plain).Indexes())
        {
            allowed += Row(pod).Count + plain.Count(source => this[source, pod]);
        }

        return allowed;
    }

    private static int CountIn(PodSet found, int[] pods)
    {
        var count = 0;
        foreach (var pod in pods)
        {
            count += found.Contains(pod) ? 1 : 0;
        }

        return count;
    }

    private PodSet DestinationsOf(int source)
    {
        if (_sources[source] is { } known)
        {
            return known;
        }

        if (_policies.Egress[source] is not { } chain)
        {
            return _sources[source] = _all;
        }

        if (!_egress.TryGetValue(chain, out var allowed))
        {
            _egress[chain] = allowed = chain.AllowedPeers(Count, _family, AtDestinations);
        }

        return _sources[source] = allowed;
    }

    private PodSet SourcesOf(int destination)
    {
        if (_destinations[destination] is { } known)
        {
            return known;
        }

        if (_policies.Ingress[destination] is not { } chain)
        {
            return _destinations[destination] = _all;
        }

        // Names mean what this Pod declares, so Pods share an answer only if they declare the same names for this port.
        var declared = _policies.Declared(destination);
        var names = !chain.HasNames ? "" : string.Join('|', declared.Where(port => port.Protocol == Protocol && port.Number == Port).Select(port => port.Name).Order(StringComparer.Ordinal));
        if (!_ingress.TryGetValue((chain, names), out var allowed))
        {
            _ingress[(chain, names)] = allowed = chain.AllowedPeers(Count, _family, rule => rule.MatchesPort(Protocol, Port, declared) ? PodSet.All(Count) : null);
        }

        return _destinations[destination] = allowed;
    }

    // Which destinations a rule's ports allow: all of them, or those that declare the name.
    private PodSet? AtDestinations(CompiledRule rule)
    {
        if (rule.Ports is not { } ports || ports.HasNumber(Protocol, Port))
        {
            return PodSet.All(Count);
        }

        if (!ports.HasNames)
        {
            return null;
        }

        if (!_named.TryGetValue(ports, out var declaring))
        {
            _named[ports] = declaring = OneByOne(pod => ports.HasNamed(Protocol, Port, _policies.Declared(pod)));
        }

        return declaring.Clone();
    }

    private List<(PodSet Sources, int[] Pods)> DestinationClasses() =>
    [
        .. Enumerable.Range(0, Count).Where(_plain.Contains).GroupBy<int, PodSet>(SourcesOf, ReferenceEqualityComparer.Instance)
            .Select(same => (same.Key, same.ToArray())),
    ];

    private PodSet Complete(PodSet found, Func<int, bool> isAllowed)
    {
        found.And(_plain);
        foreach (var pod in _all.Clone().Without(_plain).Indexes().Where(isAllowed))
        {
            found.Add(pod);
        }

        return found;
    }

    private PodSet OneByOne(Func<int, bool> isMember)
    {
        var found = new PodSet(Count);
        for (var pod = 0; pod < Count; pod++)
        {
            if (isMember(pod))
            {
                found.Add(pod);
            }
        }

        return found;
    }

    private bool IsAllowedTheLongWay(int source, int destination) =>
        _policies.IsAllowed(FlowEnd.Of(Pods[source], _family), FlowEnd.Of(Pods[destination], _family), Protocol, Port);
}
