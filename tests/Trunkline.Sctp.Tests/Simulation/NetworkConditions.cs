namespace Trunkline.Sctp.Tests.Simulation;

/// <summary>How bad a network is. Probabilities are of 1; times are microseconds.</summary>
public sealed record NetworkConditions
{
    public double Loss { get; init; }

    public double Duplication { get; init; }

    public double Corruption { get; init; }

    /// <summary>The chance that a packet takes a detour, and so comes late.</summary>
    public double Reordering { get; init; }

    public long Delay { get; init; } = 5_000;

    public long Jitter { get; init; }

    public long Detour { get; init; } = 40_000;
}
