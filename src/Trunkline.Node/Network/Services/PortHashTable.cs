using System.Buffers.Binary;

namespace Trunkline.Node.Network.Services;

/// <summary>
/// A table from the hash of an association's ports to its endpoint, filled as Maglev does (Eisenbud et al., NSDI 2016, section 3.4): every endpoint has its own
/// order of the slots and they take turns. The same on every node, even to one slot, and an endpoint that comes or goes moves hardly more than its own share.
/// </summary>
internal static class PortHashTable
{
    /// <summary>A prime.</summary>
    public const int Slots = 1021;

    public static Endpoint[] Of(IReadOnlyList<Endpoint> endpoints)
    {
        var table = new Endpoint?[Slots];
        var turns = endpoints.Select(Preference).ToArray();
        for (var filled = 0; filled < Slots;)
        {
            for (var index = 0; index < endpoints.Count && filled < Slots; index++, filled++)
            {
                var (next, step) = turns[index];
                while (table[next] is not null)
                {
                    next = (next + step) % Slots;
                }

                table[next] = endpoints[index];
                turns[index] = ((next + step) % Slots, step);
            }
        }

        return table!;
    }

    private static (int First, int Step) Preference(Endpoint endpoint)
    {
        Span<byte> text = stackalloc byte[20];
        _ = endpoint.Address.TryWriteBytes(text, out var length);
        BinaryPrimitives.WriteInt32BigEndian(text[length..], endpoint.Port);
        var digest = StableHash.Of(text[..(length + 4)]);
        return ((int)((digest >> 32) % Slots), (int)(digest % (Slots - 1)) + 1);
    }
}
