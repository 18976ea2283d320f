namespace Trunkline.Sctp.Endpoint;

public enum ReadStatus
{
    /// <summary>Bytes were copied; see the part's EndOfMessage.</summary>
    Data,

    /// <summary>Nothing to read yet; a MessageAvailable event follows.</summary>
    Empty,

    /// <summary>The peer has shut down (or the association ended in order) and everything was read.</summary>
    EndOfStream,

    /// <summary>The association failed and everything that had arrived was read.</summary>
    Failed,

    /// <summary>No such association.</summary>
    Unknown,
}
