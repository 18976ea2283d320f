using System.Buffers.Binary;

namespace Trunkline.Node.Network.Services;

/// <summary>
/// A table from the hash of an association's ports to its endpoint, filled as Maglev does (Eisenbud et al., NSDI 2016, section 3.4): every endpoint has its own
/// order of the slots and they take turns. The same on every node, even to one slot, and an endpoint that comes or goes moves hardly more than its own share.
/// What is hashed of an endpoint is its Pod, so that IPv4 and IPv6 paths of one association, each with a table of its own family, end at the same Pod.
/// </summary>
internal static class PortHashTable
{
    /// <summary>A prime.</summary>
    public const int Slots = 1021;

    public static Endpoint[] Of(IReadOnlyList<Endpoint> endpoints)
    {
        var table = new Endpoint?[Slots];
        var turns = endpoints.Select(endpoint => (Endpoint: endpoint, Digest: Digest(endpoint))).OrderBy(turn => turn.Digest).ThenBy(turn => turn.Endpoint)
            .Select(turn => (turn.Endpoint, Next: (int)((turn.Digest >> 32) % Slots), Step: (int)(turn.Digest % (Slots - 1)) + 1)).ToArray();
        for (var filled = 0; filled < Slots;)
        {
            for (var index = 0; index < turns.Length && filled < Slots; index++, filled++)
            {
                var (endpoint, next, step) = turns[index];
                while (table[next] is not null)
                {
                    next = (next + step) % Slots;
                }

                table[next] = endpoint;
                turns[index].Next = (next + step) % Slots;
            }
        }

        return table!;
    }

    private static ulong Digest(Endpoint endpoint)
    {
        Span<byte> text = stackalloc byte[20];
        var length = 8;
        if (endpoint.Pod == 0)
        {
            _ = endpoint.Address.TryWriteBytes(text, out length);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(text, endpoint.Pod);
        }

        BinaryPrimitives.WriteInt32BigEndian(text[length..], endpoint.Port);
        return StableHash.Of(text[..(length + 4)]);
    }
}
