namespace Trunkline.Node.Streaming.Channels;

/// <summary>The first byte of each message of the channel.k8s.io protocols.</summary>
internal enum StreamChannel : byte
{
    Stdin = 0,
    Stdout = 1,
    Stderr = 2,

    /// <summary>A Status object at the end.</summary>
    Error = 3,

    /// <summary>{"Width":…,"Height":…}</summary>
    Resize = 4,

    /// <summary>v5: the next byte's channel is closed.</summary>
    Close = 255,
}
