using System.Net;
using System.Text.Json;

namespace Trunkline.Node.Network.Secondary;

/// <summary>
/// Addresses of secondary networks given by the node itself (CNI's ipam "host-local"): of each set of ranges one, the next free one after the last given. Who has which is
/// kept on the node's disk, a file a network, until the Pod goes; a Pod that is attached again has the same. Other nodes know nothing of it: give each its own range.
/// </summary>
internal sealed class HostLocal(string directory)
{
    public const string Type = "host-local";
    private readonly Lock _lock = new();

    /// <summary>One address of each set, with its prefix length and gateway.</summary>
    public IReadOnlyList<SecondaryAddress> Allocate(string network, IReadOnlyList<IReadOnlyList<HostLocalRange>> sets, string podUid, string link)
    {
        if (sets.Count == 0)
        {
            return [];
        }

        lock (_lock)
        {
            var state = Load(network);
            var given = new List<SecondaryAddress>();
            for (var i = 0; i < sets.Count; i++)
            {
                var owner = $"{podUid}/{link}/{i}";
                var address = Held(state, sets[i], owner) ?? Next(state, sets[i], i)
                    ?? throw new IOException($"network {network}: no address is left in {string.Join(", ", sets[i].Select(range => $"{range.Start}-{range.End}"))}");
                state.Owners[$"{address}"] = owner;
                state.Last[i] = $"{address}";
                var range = RangeOf(sets[i], address)!;
                given.Add(new SecondaryAddress(address, range.Subnet.PrefixLength, range.Gateway));
            }

            Save(network, state);
            return given;
        }
    }

    /// <summary>The Pod is on no network any more.</summary>
    public void Release(string podUid)
    {
        lock (_lock)
        {
            foreach (var file in Directory.Exists(directory) ? Directory.GetFiles(directory, "*.json") : [])
            {
                var network = Path.GetFileNameWithoutExtension(file).Replace('+', '/');
                var state = Load(network);
                var held = state.Owners.Where(pair => pair.Value.StartsWith($"{podUid}/", StringComparison.Ordinal)).Select(pair => pair.Key).ToList();
                held.ForEach(address => state.Owners.Remove(address));
                if (held.Count > 0)
                {
                    Save(network, state);
                }
            }
        }
    }

    private static IPAddress? Held(HostLocalState state, IReadOnlyList<HostLocalRange> set, string owner) =>
        state.Owners.Where(pair => pair.Value == owner).Select(pair => IPAddress.Parse(pair.Key)).FirstOrDefault(address => RangeOf(set, address) is not null);

    // An address rests before it is given again: peers may remember who had it.
    private static IPAddress? Next(HostLocalState state, IReadOnlyList<HostLocalRange> set, int index)
    {
        var last = state.Last.TryGetValue(index, out var text) ? IPAddress.Parse(text) : null;
        var first = last is null ? null : RangeOf(set, last);
        var start = first is null ? 0 : set.ToList().IndexOf(first);
        for (var turn = 0; turn <= set.Count; turn++)
        {
            var range = set[(start + turn) % set.Count];
            var from = turn == 0 && first is not null ? IpNumber.Of(last!) + 1 : IpNumber.Of(range.Start);
            for (var number = from; number <= IpNumber.Of(range.End); number++)
            {
                var address = IpNumber.Address(number, range.Start.AddressFamily);
                if (!address.Equals(range.Gateway) && !state.Owners.ContainsKey($"{address}"))
                {
                    return address;
                }
            }
        }

        return null;
    }

    private static HostLocalRange? RangeOf(IReadOnlyList<HostLocalRange> set, IPAddress address) => set.FirstOrDefault(range =>
        range.Start.AddressFamily == address.AddressFamily && IpNumber.Of(address) >= IpNumber.Of(range.Start) && IpNumber.Of(address) <= IpNumber.Of(range.End));

    // A network's name has one slash, and no plus.
    private string FileOf(string network) => Path.Join(directory, $"{network.Replace('/', '+')}.json");

    private HostLocalState Load(string network) =>
        File.Exists(FileOf(network)) ? JsonSerializer.Deserialize<HostLocalState>(File.ReadAllText(FileOf(network))) ?? new HostLocalState() : new HostLocalState();

    private void Save(string network, HostLocalState state)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(FileOf(network) + ".new", JsonSerializer.Serialize(state));
        File.Move(FileOf(network) + ".new", FileOf(network), overwrite: true);
    }
}
