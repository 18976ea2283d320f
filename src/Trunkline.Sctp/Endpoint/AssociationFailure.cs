namespace Trunkline.Sctp.Endpoint;

/// <summary>How an association failed, and through whom.</summary>
/// <param name="Reason">What happened.</param>
/// <param name="CauseCode">The first error cause of an ABORT (RFC 9260 section 3.3.10), 0 where there was none.</param>
/// <param name="Reporter">Who said so: the sender of the ABORT or of the ICMP message; default where it was silence.</param>
/// <param name="Detail">One sentence for a person, in English.</param>
public sealed record AssociationFailure(FailureReason Reason, int CauseCode, SctpAddress Reporter, string Detail);
