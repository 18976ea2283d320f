namespace Trunkline.Sctp.Association;

internal enum SackVerdict
{
    Taken,

    /// <summary>Older than one seen before (RFC 9260 section 6.2.1, rule i).</summary>
    Old,

    /// <summary>Acknowledges what was never sent.</summary>
    Impossible,
}
