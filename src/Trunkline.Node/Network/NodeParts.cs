using System.Net;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Policies;
using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network;

/// <summary>From what changed in the cluster to the parts of the rules that change with it. Keeps what it has to remember for that; no I/O.</summary>
internal sealed class NodeParts
{
    private const string ServicePrefix = "service/", HostPortPrefix = "hostport/";
    private readonly Dictionary<string, ServedThing> _services = new(StringComparer.Ordinal);
    private readonly NodeNetwork _network;
    private readonly PolicyIndex _policies;
    private List<ServedChange> _changes = [];

    public NodeParts(NodeNetwork network)
    {
        _network = network;
        _policies = new PolicyIndex(Table, network.NodeName);
    }

    public RulesTable Table { get; } = new();

    /// <summary>Everything that is served here: Services, and Pods with hostPorts.</summary>
    public IEnumerable<ServedThing> Services => _services.Values;

    /// <summary>What is served differently since the last call: flows may have lost their endpoint.</summary>
    public IReadOnlyList<ServedChange> TakeServedChanges()
    {
        var taken = _changes;
        _changes = [];
        return taken.ConvertAll(change => change with { Flows = [.. FrontendFlows.Of(change).Select(flows => OfOwner(change.Key, flows))] });
    }

    public void Apply(ClusterDelta delta)
    {
        if (delta.Nodes is { } nodes)
        {
            Table.Put("node", NodeRules.Skeleton(_network, nodes.SelectMany(node => node.Addresses)));
        }

        if (delta.IsWhole)
        {
            RemoveAbsent(delta);
        }

        foreach (var (key, state) in delta.Services)
        {
            Serve(ServicePrefix + key, state is null ? null : new ServedThing(state.Service, ServiceTable.Build(state, _network)));
        }

        foreach (var (uid, pod) in delta.Pods)
        {
            var key = HostPortPrefix + uid;
            if (pod is { HostPorts.Count: > 0 } || _services.ContainsKey(key))
            {
                Serve(key, pod is { HostPorts.Count: > 0 } ? new ServedThing(null, HostPorts.Of(pod, _network)) : null);
            }
        }

        _policies.Apply(delta);
    }

    private void Serve(string key, ServedThing? thing)
    {
        _services.TryGetValue(key, out var before);
        _changes.Add(new ServedChange(key, before, thing));
        var rivals = Rivals(before);
        Put(key, thing);
        rivals.UnionWith(Rivals(thing));
        if (thing is null)
        {
            _services.Remove(key);
        }
        else
        {
            _services[key] = thing;
        }

        // Only now is it known who has the frontends that several claim.
        foreach (var rival in rivals)
        {
            Put(rival, _services.GetValueOrDefault(rival));
        }
    }

    private void Put(string key, ServedThing? thing)
    {
        foreach (var (name, part) in ServiceRules.Parts(key, thing?.Ports ?? [], _network, frontend => Owner(frontend.Address, frontend.Key) is not { } owner || owner == key))
        {
            Table.Put(name, thing is null || part.Elements.Count == 0 ? null : part);
        }
    }

    // All who claim one of its frontends, itself among them; nearly always nobody.
    private HashSet<string> Rivals(ServedThing? thing) => (thing?.Frontends ?? [])
        .SelectMany(frontend => Table.ClaimantsOf(SetOf(frontend.Address), frontend.Key)).Select(ServiceRules.ThingOf).ToHashSet(StringComparer.Ordinal);

    private string? Owner(IPAddress address, string key) => Table.OwnerOf(SetOf(address), key) is { } part ? ServiceRules.ThingOf(part) : null;

    private static string SetOf(IPAddress address) => ServiceFamily.Of(address).Named("services");

    // A frontend that several claim is one's, and its flows are to go where that one's go: whoever claims another Service's address and gives it up again cuts none of its
    // flows, and what an owner leaves behind is looked at with the eyes of the next.
    private FrontendFlows OfOwner(string key, FrontendFlows frontend) =>
        Owner(frontend.Address, frontend.Key) is { } owner && owner != key ? FrontendFlows.At(_services[owner], frontend.Key) ?? frontend : frontend;

    private void RemoveAbsent(ClusterDelta delta)
    {
        var there = delta.Services.Where(change => change.Item is not null).Select(change => ServicePrefix + change.Key)
            .Concat(delta.Pods.Where(change => change.Item is not null).Select(change => HostPortPrefix + change.Key)).ToHashSet(StringComparer.Ordinal);
        foreach (var key in _services.Keys.Where(key => !there.Contains(key)).ToList())
        {
            Serve(key, null);
        }
    }
}
