namespace Trunkline.Sctp.Endpoint;

/// <summary>RFC 9260 section 4.</summary>
public enum AssociationState
{
    Closed,
    CookieWait,
    CookieEchoed,
    Established,
    ShutdownPending,
    ShutdownSent,
    ShutdownReceived,
    ShutdownAckSent,
}
