using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Informers;

/// <summary>
/// What is known of one kind. Filled by the watch, and at once by the answers to our own writes, so that a reconciler
/// never decides from before its own last write. Objects in it are shared: nobody changes them.
/// </summary>
internal sealed class Store<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, T> _items = [];
    private readonly List<StoreIndex<T>> _indexes = [];
    private T[]? _snapshot = [];
    private ulong _seen;

    /// <summary>Raised after a change with what was there before and what is there now; null for "not there".</summary>
    public event Action<T?, T?>? Changed;

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_lock)
            {
                return _snapshot ??= [.. _items.Values];
            }
        }
    }

    /// <summary>An index that is kept from now on.</summary>
    /// <param name="belongsTo">What an object belongs to; null for nothing.</param>
    public StoreIndex<T> IndexBy(Func<T, ObjectKey?> belongsTo)
    {
        var index = new StoreIndex<T>(_lock, belongsTo);
        lock (_lock)
        {
            foreach (var item in _items.Values)
            {
                index.Change(null, item);
            }

            _indexes.Add(index);
        }

        return index;
    }

    public bool TryGet(ObjectKey key, [NotNullWhen(true)] out T? item)
    {
        lock (_lock)
        {
            return _items.TryGetValue(key with { Kind = "" }, out item);
        }
    }

    public T? Get(ObjectKey key) => TryGet(key, out var item) ? item : null;

    public T? Get(string @namespace, string name) => Get(new ObjectKey(@namespace, name));

    /// <summary>The answer to our own write. Dropped when the watch is already past it: the object may have been deleted since.</summary>
    public void ApplyWrite(T item)
    {
        T? old;
        lock (_lock)
        {
            var known = _items.TryGetValue(item.Key(), out old);
            if (known ? old!.Revision() >= item.Revision() : item.Revision() <= _seen)
            {
                return;
            }

            Set(old, item);
        }

        Changed?.Invoke(old, item);
    }

    public void ApplyWatch(T item)
    {
        T? old;
        lock (_lock)
        {
            _seen = Math.Max(_seen, item.Revision());
            if (_items.TryGetValue(item.Key(), out old) && old.Revision() >= item.Revision() && old.Revision() > 0)
            {
                return;
            }

            Set(old, item);
        }

        Changed?.Invoke(old, item);
    }

    public void Remove(T item)
    {
        T? old;
        lock (_lock)
        {
            _seen = Math.Max(_seen, item.Revision());
            if (!_items.TryGetValue(item.Key(), out old))
            {
                return;
            }

            Unset(old);
        }

        Changed?.Invoke(old, null);
    }

    /// <summary>A fresh list: what is missing from it was deleted while nobody watched.</summary>
    public void Replace(IReadOnlyCollection<T> items, ulong revision)
    {
        var changes = new List<(T? Old, T? New)>();
        lock (_lock)
        {
            _seen = Math.Max(_seen, revision);
            var present = items.Select(i => i.Key()).ToHashSet();
            foreach (var gone in _items.Values.Where(i => !present.Contains(i.Key()) && i.Revision() <= revision).ToList())
            {
                Unset(gone);
                changes.Add((gone, null));
            }

            foreach (var item in items)
            {
                _items.TryGetValue(item.Key(), out var old);
                if (old is null || old.Revision() < item.Revision())
                {
                    Set(old, item);
                    changes.Add((old, item));
                }
            }
        }

        foreach (var (old, item) in changes)
        {
            Changed?.Invoke(old, item);
        }
    }

    private void Set(T? old, T item)
    {
        _items[item.Key()] = item;
        Changing(old, item);
    }

    private void Unset(T item)
    {
        _items.Remove(item.Key());
        Changing(item, null);
    }

    private void Changing(T? old, T? now)
    {
        _snapshot = null;
        foreach (var index in _indexes)
        {
            index.Change(old, now);
        }
    }
}
