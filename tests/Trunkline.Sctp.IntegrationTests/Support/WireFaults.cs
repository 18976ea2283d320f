namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>What a bad wire does to SCTP packets, in parts of a thousand.</summary>
internal sealed record WireFaults(int Seed, int Lost = 0, int Doubled = 0, int Late = 0, int Corrupted = 0);
