namespace Trunkline.Sctp.Association;

/// <summary>What one SACK changed.</summary>
internal readonly record struct SackOutcome(
    SackVerdict Verdict, int AcknowledgedBytes, bool CumulativeAdvanced, bool Sampled, bool MarkedForFastRetransmit, bool MarkedFirst);
