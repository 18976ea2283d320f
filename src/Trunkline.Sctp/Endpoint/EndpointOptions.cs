namespace Trunkline.Sctp.Endpoint;

/// <summary>Ceilings of one endpoint and what it hands to peers before there is an association.</summary>
public sealed record EndpointOptions
{
    /// <summary>Associations at most, ended ones that were not released included, 65536.</summary>
    public int MaxAssociations { get; init; } = 65536;

    /// <summary>Bytes of slabs for messages of all associations, 1 GiB; beyond it Send says WouldBlock and DATA is dropped.</summary>
    public long MaxBufferMemory { get; init; } = 1L << 30;

    /// <summary>Valid.Cookie.Life, 60 s in microseconds.</summary>
    public long CookieLife { get; init; } = 60_000_000;

    /// <summary>First ephemeral port, 32768 (as Linux).</summary>
    public ushort EphemeralFirst { get; init; } = 32768;

    /// <summary>Last ephemeral port, 60999 (as Linux).</summary>
    public ushort EphemeralLast { get; init; } = 60999;
}
