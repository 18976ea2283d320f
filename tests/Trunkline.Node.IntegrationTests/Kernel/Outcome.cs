using System.Net;

namespace Trunkline.Node.IntegrationTests.Kernel;

/// <summary>What the rules do to a packet.</summary>
/// <param name="Fate">Its end.</param>
/// <param name="Chain">The chain that said so; empty where none did.</param>
/// <param name="Out">The link by which it leaves; null: it is for the node itself, or ended before.</param>
internal sealed record Outcome(Fate Fate, string Chain, string? Out)
{
    public required IPAddress Source { get; init; }

    public required IPAddress Destination { get; init; }

    public required int DestinationPort { get; init; }

    public required uint CtMark { get; init; }

    /// <summary>The chains it went through, in order.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>How many ways a random or hashed choice could have gone; 1 where there was none.</summary>
    public int Alternatives { get; init; } = 1;

    public override string ToString() =>
        $"{Fate}{(Chain.Length == 0 ? "" : $" by {Chain}")}{(Out is null ? "" : $" → {Out}")} {Source} → {Destination}:{DestinationPort} [{string.Join(" ", Path)}]";
}
