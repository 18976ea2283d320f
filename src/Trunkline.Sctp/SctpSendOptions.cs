namespace Trunkline.Sctp;

/// <summary>How one message is sent. The default is stream 0, identifier 0, ordered, whole.</summary>
public readonly record struct SctpSendOptions
{
    /// <summary>Default 0.</summary>
    public ushort Stream { get; init; }

    /// <summary>Default 0: none given.</summary>
    public uint PayloadProtocolId { get; init; }

    /// <summary>Delivered as soon as complete, whatever else is missing. Default false.</summary>
    public bool Unordered { get; init; }

    /// <summary>Not the last part of its message: the next send on this stream goes on with it. Default false.</summary>
    public bool MoreFollows { get; init; }
}
