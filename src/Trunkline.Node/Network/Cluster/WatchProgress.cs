using System.Globalization;
using k8s;
using k8s.Models;

namespace Trunkline.Node.Network.Cluster;

/// <summary>How far the watch of a kind has come: which version of which object it has told of (resourceVersions are numbers that only grow, KEP-5504).</summary>
internal sealed class WatchProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ulong> _versions = new(StringComparer.Ordinal);
    private ulong _reached;

    public static ulong VersionOf(string? resourceVersion) =>
        ulong.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    public void Replaced<TObject>(IEnumerable<TObject> items, Func<TObject, string> key)
        where TObject : IKubernetesObject<V1ObjectMeta>
    {
        lock (_lock)
        {
            _versions.Clear();
            foreach (var item in items)
            {
                Reach(_versions[key(item)] = VersionOf(item.Metadata.ResourceVersion));
            }
        }
    }

    public void Changed(string key, string? resourceVersion, bool isThere)
    {
        lock (_lock)
        {
            var version = VersionOf(resourceVersion);
            Reach(version);
            if (isThere)
            {
                _versions[key] = version;
            }
            else
            {
                _versions.Remove(key);
            }
        }
    }

    /// <summary>What it has not told of yet, of a list that was read elsewhere; null where there is nothing.</summary>
    /// <param name="listed">What there is, with its version.</param>
    /// <param name="asOf">Version of the list; what is not in it and not younger has gone.</param>
    /// <param name="isMeant">Of which keys the list speaks.</param>
    public string? Missing(IReadOnlyDictionary<string, ulong> listed, ulong asOf, Func<string, bool> isMeant)
    {
        lock (_lock)
        {
            // Events come in the order of their versions: whoever is beyond a version has told of it.
            return listed.FirstOrDefault(pair => pair.Value > _reached).Key
                ?? _versions.FirstOrDefault(pair => isMeant(pair.Key) && !listed.ContainsKey(pair.Key) && pair.Value <= asOf).Key;
        }
    }

    private void Reach(ulong version) => _reached = Math.Max(_reached, version);
}
