namespace Trunkline.Sctp.Endpoint;

public enum SendStatus
{
    /// <summary>Taken whole.</summary>
    Accepted,

    /// <summary>The send buffer is full; nothing was taken. A Writable event follows when there is room.</summary>
    WouldBlock,

    /// <summary>Larger than the whole send buffer: send it in parts (<see cref="SendModes.MoreFollows"/>).</summary>
    MessageTooLarge,

    /// <summary>RFC 9260 has no empty user message (section 6.2: "No User Data" is an error).</summary>
    EmptyMessage,

    /// <summary>The stream was not negotiated.</summary>
    InvalidStream,

    /// <summary>Another message sent in parts is not finished, and fragments of two messages cannot interleave.</summary>
    MessageUnfinished,

    /// <summary>Shutdown has begun on either side, or the association has ended.</summary>
    Closed,

    /// <summary>No such association.</summary>
    Unknown,
}
