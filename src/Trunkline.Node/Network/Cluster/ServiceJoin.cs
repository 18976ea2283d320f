using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network.Cluster;

/// <summary>Services with their EndpointSlices, whichever of the two changed. A slice belongs to the Service its label names.</summary>
internal sealed class ServiceJoin(Store<ServiceRecord> services, Store<SliceRecord> slices)
{
    // In the order of their keys; most Services have one. The two halves of a Service's name are kept as the slice has them: of ten thousand no third text is made.
    private readonly Dictionary<(string Namespace, string Service), KeyValuePair<string, SliceRecord>[]> _byService = [];
    private readonly Dictionary<string, (string Namespace, string Service)> _serviceOf = new(StringComparer.Ordinal);

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
        return [.. touched.Select(key => new Change<ServiceState>(key, services.Items.TryGetValue(key, out var service) ? new ServiceState(service, Slices((service.Namespace, service.Name))) : null))];
    }

    private void Move(string key, SliceRecord? slice, HashSet<string> touched)
    {
        if (_serviceOf.Remove(key, out var before))
        {
            touched.Add(Key(before));
            if (Without(before, key) is { Length: > 0 } left)
            {
                _byService[before] = left;
            }
            else
            {
                _byService.Remove(before);
            }
        }

        if (slice is { Service.Length: > 0 })
        {
            var name = (slice.Namespace, slice.Service);
            _serviceOf[key] = name;
            touched.Add(Key(name));
            _byService[name] = [.. Without(name, key).Append(KeyValuePair.Create(key, slice)).OrderBy(pair => pair.Key, StringComparer.Ordinal)];
        }
    }

    private static string Key((string Namespace, string Service) name) => $"{name.Namespace}/{name.Service}";

    private KeyValuePair<string, SliceRecord>[] Without((string, string) service, string key) =>
        _byService.TryGetValue(service, out var many) ? [.. many.Where(pair => pair.Key != key)] : [];

    private IReadOnlyList<SliceRecord> Slices((string, string) service) => _byService.TryGetValue(service, out var many) ? [.. many.Select(pair => pair.Value)] : [];
}
