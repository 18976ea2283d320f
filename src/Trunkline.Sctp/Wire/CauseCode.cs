namespace Trunkline.Sctp.Wire;

/// <summary>RFC 9260 section 3.3.10.</summary>
internal enum CauseCode : ushort
{
    None = 0,
    InvalidStream = 1,
    MissingParameter = 2,
    StaleCookie = 3,
    OutOfResource = 4,
    UnresolvableAddress = 5,
    UnrecognizedChunk = 6,
    InvalidMandatoryParameter = 7,
    UnrecognizedParameters = 8,
    NoUserData = 9,
    CookieWhileShuttingDown = 10,
    RestartWithNewAddresses = 11,
    UserInitiatedAbort = 12,
    ProtocolViolation = 13,
}
