namespace Trunkline.Sctp.Association;

/// <summary>What congestion control learns from one SACK.</summary>
internal readonly record struct Acknowledgement(int Bytes, int FlightBefore, bool CumulativeAdvanced, bool InFastRecovery, bool NothingOutstanding);
