namespace Trunkline.Sctp.Association;

internal enum OutstandingState : byte
{
    InFlight,

    /// <summary>Acknowledged by a gap block, which a receiver may still take back (RFC 9260 section 6.2.1).</summary>
    GapAcknowledged,

    /// <summary>To be sent again.</summary>
    Marked,
}
