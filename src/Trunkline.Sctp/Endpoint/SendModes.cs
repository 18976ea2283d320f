namespace Trunkline.Sctp.Endpoint;

[Flags]
public enum SendModes
{
    None = 0,

    /// <summary>Delivered when complete, whatever else is missing (the U bit).</summary>
    Unordered = 1,

    /// <summary>Not the last part of its message; the next Send on this stream continues it.</summary>
    MoreFollows = 2,

    /// <summary>Asks the peer to acknowledge at once (the I bit, RFC 9260 section 3.3.1).</summary>
    AcknowledgeAtOnce = 4,
}
