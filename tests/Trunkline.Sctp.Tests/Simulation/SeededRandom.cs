using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Tests.Simulation;

/// <summary>Randomness that a seed repeats.</summary>
/// <param name="seed">The same seed gives the same bytes.</param>
/// <param name="high">Tags and first TSNs within 256 of the largest number there is: each association sees its TSNs wrap.</param>
public sealed class SeededRandom(int seed, bool high = false) : ISctpRandom
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination)
    {
        _random.NextBytes(destination);
        if (high && destination.Length == 4)
        {
            destination[1..].Fill(0xff);
        }
    }
}
