namespace Trunkline.Node.Network.Services;

/// <summary>FNV-1a, 64 bits, finished by a mixer: the same on every node and in every process, unlike .NET's own.</summary>
internal static class StableHash
{
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 1099511628211UL;
        }

        // The last bytes of near addresses reach the upper bits only by this (MurmurHash3's finalizer).
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
