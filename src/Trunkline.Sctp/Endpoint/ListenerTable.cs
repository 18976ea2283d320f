using System.Diagnostics.CodeAnalysis;

namespace Trunkline.Sctp.Endpoint;

/// <summary>Listeners by address and port; the most particular one gets the INIT.</summary>
internal sealed class ListenerTable
{
    private readonly Dictionary<(SctpAddress Address, ushort Port), Listener> _byPlace = [];
    private readonly Dictionary<ListenerId, Listener> _byId = [];

    public bool TryAdd(Listener listener)
    {
        var free = !Overlaps(listener.Address, listener.Port);
        if (free)
        {
            _byPlace.Add((listener.Address, listener.Port), listener);
            _byId.Add(listener.Id, listener);
        }

        return free;
    }

    public bool Remove(ListenerId id) => _byId.Remove(id, out var listener) && _byPlace.Remove((listener.Address, listener.Port));

    public bool TryGet(ListenerId id, [NotNullWhen(true)] out Listener? listener) => _byId.TryGetValue(id, out listener);

    public bool TryFind(SctpAddress address, ushort port, [NotNullWhen(true)] out Listener? listener) =>
        _byPlace.TryGetValue((address, port), out listener)
        || _byPlace.TryGetValue((address.IsIPv4 ? SctpAddress.AnyIPv4 : SctpAddress.AnyIPv6, port), out listener)
        || _byPlace.TryGetValue((default, port), out listener);

    /// <summary>Two listeners must not want the same INIT, as with bind(2): "any" overlaps each address of its family, "either family" overlaps all.</summary>
    public bool Overlaps(SctpAddress address, ushort port)
    {
        foreach (var listener in _byId.Values)
        {
            if (listener.Port == port && Overlap(listener.Address, address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Overlap(SctpAddress left, SctpAddress right)
    {
        var sameFamily = left.IsIPv4 == right.IsIPv4 && left.IsIPv6 == right.IsIPv6;
        return left == default || right == default || left == right || (sameFamily && (left.IsAny || right.IsAny));
    }
}
