namespace Trunkline.Sctp.Endpoint;

public enum ConnectStatus
{
    /// <summary>The INIT is on its way; Established or Failed follows.</summary>
    Started,

    /// <summary>An association between these addresses and ports exists.</summary>
    AlreadyConnected,

    /// <summary>The endpoint holds as many associations as it may.</summary>
    TooManyAssociations,

    /// <summary>Every ephemeral port towards this peer is taken.</summary>
    NoPort,

    /// <summary>An address is not a unicast address, the two differ in family, or the peer's port is 0.</summary>
    InvalidAddress,
}
