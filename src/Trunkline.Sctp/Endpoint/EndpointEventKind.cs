namespace Trunkline.Sctp.Endpoint;

public enum EndpointEventKind
{
    /// <summary>Our Connect succeeded.</summary>
    Established,

    /// <summary>A peer connected to a listener; answer with MarkAccepted when the program has taken it.</summary>
    Accepted,

    /// <summary>Read has something, after it had nothing.</summary>
    MessageAvailable,

    /// <summary>Send has room, after it said WouldBlock.</summary>
    Writable,

    /// <summary>The peer began SHUTDOWN: nothing more will come, and nothing more can be sent.</summary>
    PeerShutdown,

    /// <summary>The association ended in order. What is unread can still be read, until Release.</summary>
    ShutdownComplete,

    /// <summary>The association ended otherwise; Failure says how and through whom. What is unread can still be read, until Release.</summary>
    Failed,
}
