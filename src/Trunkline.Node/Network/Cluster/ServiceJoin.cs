using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network.Cluster;

/// <summary>Services with their EndpointSlices, whichever of the two changed. A slice belongs to the Service its label names.</summary>
internal sealed class ServiceJoin(Store<ServiceRecord> services, Store<SliceRecord> slices)
{
    private readonly Dictionary<string, SortedDictionary<string, SliceRecord>> _byService = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _serviceOf = new(StringComparer.Ordinal);

    /// <summary>What changed since the last call; both stores are settled by it.</summary>
    public IReadOnlyList<Change<ServiceState>> Take()
    {
        var touched = new HashSet<string>(services.Changed, StringComparer.Ordinal);
        foreach (var key in slices.Changed)
        {
            Move(key, slices.Items.GetValueOrDefault(key), touched);
        }

        services.Settle();
        slices.Settle();
        return [.. touched.Select(key => new Change<ServiceState>(key, services.Items.TryGetValue(key, out var service) ? new ServiceState(service, Slices(key)) : null))];
    }

    private void Move(string key, SliceRecord? slice, HashSet<string> touched)
    {
        if (_serviceOf.Remove(key, out var before))
        {
            touched.Add(before);
            var left = _byService[before];
            left.Remove(key);
            if (left.Count == 0)
            {
                _byService.Remove(before);
            }
        }

        if (slice is { Service.Length: > 0 })
        {
            var name = $"{slice.Namespace}/{slice.Service}";
            _serviceOf[key] = name;
            touched.Add(name);
            if (!_byService.TryGetValue(name, out var many))
            {
                _byService[name] = many = new SortedDictionary<string, SliceRecord>(StringComparer.Ordinal);
            }

            many[key] = slice;
        }
    }

    private IReadOnlyList<SliceRecord> Slices(string service) => _byService.TryGetValue(service, out var many) ? [.. many.Values] : [];
}
