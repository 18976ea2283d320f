using System.Net.Sockets;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Policies;

/// <summary>
/// What a change of policies or labels opens or cuts: every pair of Pods, and every Pod with one address of each network that policies name and one that none names, in each family.
/// Pure.
/// </summary>
public sealed class PolicyDiff
{
    private readonly CompiledPolicies _before;
    private readonly CompiledPolicies _after;
    private readonly List<DiffEnd> _pods;
    private readonly List<DiffEnd> _strangers;

    /// <summary>Prepares the comparison.</summary>
    /// <param name="before">The cluster now.</param>
    /// <param name="after">The cluster then. Pods of only one of the two are passed over.</param>
    public PolicyDiff(PolicyCluster before, PolicyCluster after)
    {
        (_before, _after) = (CompiledPolicies.Compile(before), CompiledPolicies.Compile(after));
        _pods = DiffEnd.Pods(before, after);
        _strangers = DiffEnd.Strangers(before, after);
    }

    /// <summary>How many pairs of ends are opened and cut at one port or more.</summary>
    public (int Opened, int Cut) Count { get; private set; }

    /// <summary>Compares.</summary>
    /// <param name="questions">The ports to ask for.</param>
    /// <param name="most">How many pairs of ends are told with their reasons; all are counted.</param>
    public IReadOnlyList<FlowDifference> Compare(IReadOnlyList<PortQuestion> questions, int most)
    {
        var found = new Dictionary<(DiffEnd Source, DiffEnd Destination, bool Opens), List<(PortQuestion Question, AddressFamily Family)>>();
        foreach (var question in questions)
        {
            foreach (var (source, destination, family, opens) in Between(question).Concat(Outside(question)))
            {
                var key = (source, destination, opens);
                if (!found.TryGetValue(key, out var where))
                {
                    found[key] = where = [];
                }

                where.Add((question, family));
            }
        }

        Count = (found.Keys.Count(key => key.Opens), found.Keys.Count(key => !key.Opens));
        return [.. found.Take(most).Select(pair => Explain(pair.Key.Source, pair.Key.Destination, pair.Key.Opens, pair.Value))];
    }

    private FlowDifference Explain(DiffEnd source, DiffEnd destination, bool opens, List<(PortQuestion Question, AddressFamily Family)> where)
    {
        var (question, family) = where[0];
        var families = where.Select(one => one.Family).Distinct().ToList();
        var common = new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 }.Count(one => source.Has(one) && destination.Has(one));
        return new FlowDifference(
            source.Now(family), destination.Now(family), families.Count < common ? families[0] : null, opens, [.. where.Select(one => one.Question).Distinct()],
            PolicyEvaluator.Evaluate(_before.Cluster, source.Now(family), destination.Now(family), question.Protocol, question.Port),
            PolicyEvaluator.Evaluate(_after.Cluster, source.Then(family), destination.Then(family), question.Protocol, question.Port));
    }

    private IEnumerable<(DiffEnd Source, DiffEnd Destination, AddressFamily Family, bool Opens)> Between(PortQuestion question)
    {
        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            var pods = _pods.Where(pod => pod.Has(family)).ToList();
            var (now, then) = (_before.Matrix(question.Protocol, question.Port, family), _after.Matrix(question.Protocol, question.Port, family));
            foreach (var source in pods)
            {
                var (rowNow, rowThen) = (now.Row(source.PlaceNow), then.Row(source.PlaceThen));
                foreach (var destination in pods)
                {
                    var (was, willBe) = (rowNow.Contains(destination.PlaceNow), rowThen.Contains(destination.PlaceThen));
                    if (was != willBe)
                    {
                        yield return (source, destination, family, willBe);
                    }
                }
            }
        }
    }

    private IEnumerable<(DiffEnd Source, DiffEnd Destination, AddressFamily Family, bool Opens)> Outside(PortQuestion question) =>
        from stranger in _strangers
        from pod in _pods
        where pod.Has(stranger.Family)
        from pair in new[] { (Source: stranger, Destination: pod), (Source: pod, Destination: stranger) }
        let was = _before.IsAllowed(pair.Source.Now(stranger.Family), pair.Destination.Now(stranger.Family), question.Protocol, question.Port)
        let willBe = _after.IsAllowed(pair.Source.Then(stranger.Family), pair.Destination.Then(stranger.Family), question.Protocol, question.Port)
        where was != willBe
        select (pair.Source, pair.Destination, stranger.Family, willBe);
}
