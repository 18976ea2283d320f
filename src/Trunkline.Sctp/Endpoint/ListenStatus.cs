namespace Trunkline.Sctp.Endpoint;

public enum ListenStatus
{
    Listening,

    /// <summary>Another listener holds this address and port.</summary>
    InUse,

    /// <summary>Every ephemeral port is taken.</summary>
    NoPort,
}
