namespace Trunkline.Node.Network.Nft;

/// <summary>A set, who claims which of its elements, and which of them the kernel has yet to hear of.</summary>
internal sealed class SetState(NftSet set) : Counted<NftSet>(set)
{
    // A first load touches every element; the changes after it a few.
    private const int MostRoomKept = 1024;

    private readonly Dictionary<string, (string Owner, string Value)> _inForce = new(StringComparer.Ordinal);

    // Claims beyond the first, of which there are few.
    private readonly Dictionary<string, SortedDictionary<string, string>> _contested = new(StringComparer.Ordinal);

    // What the kernel has under keys that changed since.
    private readonly Dictionary<string, string?> _touched = new(StringComparer.Ordinal);
    private bool _isDistrusted;

    public NftSet Set => Item;

    public int Count => _inForce.Count;

    public IEnumerable<KeyValuePair<string, string>> All => _inForce.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Value));

    /// <summary>The part whose value is in force; null where nobody claims the key.</summary>
    public string? OwnerOf(string key) => _inForce.TryGetValue(key, out var claim) ? claim.Owner : null;

    /// <summary>Who claims it, where several do.</summary>
    public IEnumerable<string> ClaimantsOf(string key) => _contested.TryGetValue(key, out var claims) ? [.. claims.Keys] : [];

    public void Claim(string owner, string key, string value)
    {
        Touch(key);
        if (!_contested.TryGetValue(key, out var claims))
        {
            if (!_inForce.TryGetValue(key, out var only) || only.Owner == owner)
            {
                _inForce[key] = (owner, value);
                return;
            }

            _contested[key] = claims = new SortedDictionary<string, string>(StringComparer.Ordinal) { [only.Owner] = only.Value };
        }

        claims[owner] = value;
        _inForce[key] = (claims.First().Key, claims.First().Value);
    }

    public void Withdraw(string owner, string key)
    {
        Touch(key);
        if (!_contested.TryGetValue(key, out var claims))
        {
            if (_inForce.TryGetValue(key, out var claim) && claim.Owner == owner)
            {
                _inForce.Remove(key);
            }

            return;
        }

        claims.Remove(owner);
        var (first, value) = claims.First();
        _inForce[key] = (first, value);
        if (claims.Count == 1)
        {
            _contested.Remove(key);
        }
    }

    public void Distrust()
    {
        InKernel = false;
        _isDistrusted = true;
        _touched.Clear();
    }

    /// <summary>Null where nothing changes, and where the set itself comes to its end.</summary>
    public SetChange? TakeChange()
    {
        var change = Uses == 0 ? null : _isDistrusted ? Whole(flush: false) : Set.IsInterval ? Replacement() : Difference();
        _touched.Clear();
        if (_touched.Capacity > MostRoomKept)
        {
            _touched.TrimExcess();
        }

        _isDistrusted = false;
        return change is { Flush: false, Deleted.Count: 0, Added.Count: 0 } ? null : change;
    }

    private void Touch(string key)
    {
        if (!_isDistrusted && !_touched.ContainsKey(key))
        {
            _touched[key] = _inForce.TryGetValue(key, out var claim) ? claim.Value : null;
        }
    }

    private SetChange Difference()
    {
        var deleted = new List<string>();
        var added = new List<KeyValuePair<string, string>>();
        foreach (var (key, before) in _touched)
        {
            var now = _inForce.TryGetValue(key, out var claim) ? claim.Value : null;
            if (now == before)
            {
                continue;
            }

            if (before is not null)
            {
                deleted.Add(key);
            }

            if (now is not null)
            {
                added.Add(KeyValuePair.Create(key, now));
            }
        }

        return new SetChange(Set) { Deleted = deleted, Added = added };
    }

    private SetChange? Replacement() => Difference() is { Deleted.Count: 0, Added.Count: 0 } ? null : Whole(flush: true);

    private SetChange Whole(bool flush) => new(Set) { Flush = flush, Added = [.. All] };
}
