using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Tests.Simulation;

/// <summary>Randomness that a seed repeats.</summary>
public sealed class SeededRandom(int seed) : ISctpRandom
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
