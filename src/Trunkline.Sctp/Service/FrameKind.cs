namespace Trunkline.Sctp.Service;

/// <summary>What a frame of the service's protocol says. Requests are named after socket calls; every request gets one <see cref="Reply"/>, in order.</summary>
internal enum FrameKind : byte
{
    /// <summary>Client's first: magic and version.</summary>
    Hello = 1,
    Bind = 2,
    Connect = 3,
    Listen = 4,
    Accept = 5,

    /// <summary>Makes this connection the association that an Accept's token names.</summary>
    Attach = 6,
    Shutdown = 7,
    Abort = 8,
    Names = 9,
    GetOption = 10,
    SetOption = 11,

    /// <summary>Server: errno, sentence, and what the call gives.</summary>
    Reply = 32,

    /// <summary>Either side: one part of one message. No reply: an error ends the association and comes as <see cref="End"/>.</summary>
    Data = 33,

    /// <summary>Either side: the other may send so many bytes of Data more.</summary>
    Credit = 34,

    /// <summary>Server: nothing more will come. errno 0: the peer's SHUTDOWN, else how the association failed.</summary>
    End = 35,

    /// <summary>Server: the association is gone (SHUTDOWN complete, or as End said).</summary>
    Closed = 36,
}
