using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Informers;

/// <summary>A store's objects by what they belong to, so that nobody has to look through all of them for a few.</summary>
internal sealed class StoreIndex<T>(Lock storeLock, Func<T, ObjectKey?> belongsTo)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Dictionary<ObjectKey, Dictionary<ObjectKey, T>> _groups = [];

    /// <summary>What belongs to it now.</summary>
    public IReadOnlyList<T> Of(ObjectKey key)
    {
        lock (storeLock)
        {
            return _groups.TryGetValue(key, out var group) ? [.. group.Values] : [];
        }
    }

    /// <summary>Called by the store, under its lock.</summary>
    internal void Change(T? old, T? now)
    {
        var (before, after) = (old is null ? null : belongsTo(old), now is null ? null : belongsTo(now));
        if (before is { } left && left != after && _groups.TryGetValue(left, out var group))
        {
            group.Remove(old!.Key());
            if (group.Count == 0)
            {
                _groups.Remove(left);
            }
        }

        if (now is not null && after is { } joined)
        {
            if (!_groups.TryGetValue(joined, out var members))
            {
                _groups[joined] = members = [];
            }

            members[now.Key()] = now;
        }
    }
}
