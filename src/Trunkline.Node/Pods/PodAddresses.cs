using System.Net;

namespace Trunkline.Node.Pods;

/// <summary>Gives Pods their addresses: of each of the node's ranges one, the primary family's first.</summary>
internal sealed class PodAddresses(IReadOnlyList<string> podCidrs)
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<PodRange> _ranges = [.. podCidrs.Select(cidr => new PodRange(cidr))];

    /// <summary>Addresses that a Pod already has. False where another Pod has one, or they are not what this node gives; then none is reserved.</summary>
    public bool TryReserve(IReadOnlyList<IPAddress> addresses)
    {
        lock (_lock)
        {
            if (addresses.Count != _ranges.Count || addresses.Zip(_ranges).Any(pair => !pair.Second.Contains(pair.First)))
            {
                return false;
            }

            for (var i = 0; i < addresses.Count; i++)
            {
                if (!_ranges[i].TryReserve(addresses[i]))
                {
                    Release(addresses.Take(i));
                    return false;
                }
            }

            return true;
        }
    }

    public IReadOnlyList<IPAddress> Allocate()
    {
        lock (_lock)
        {
            var given = new List<IPAddress>();
            foreach (var range in _ranges)
            {
                if (range.Allocate() is not { } address)
                {
                    Release(given);
                    throw new InvalidOperationException("no address is left for a Pod");
                }

                given.Add(address);
            }

            return given;
        }
    }

    public void Release(IEnumerable<IPAddress> addresses)
    {
        lock (_lock)
        {
            foreach (var address in addresses)
            {
                foreach (var range in _ranges)
                {
                    range.Release(address);
                }
            }
        }
    }
}
