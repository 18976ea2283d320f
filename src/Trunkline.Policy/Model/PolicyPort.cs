namespace Trunkline.Policy.Model;

/// <summary>One item of <c>ports</c>: a number, a range, a name, or (with neither) all ports of the protocol.</summary>
public sealed record PolicyPort
{
    /// <summary>Default TCP, as the API server's.</summary>
    public TransportProtocol Protocol { get; init; } = TransportProtocol.Tcp;

    public int? Number { get; init; }

    /// <summary>Inclusive end of a range that starts at <see cref="Number"/>.</summary>
    public int? EndNumber { get; init; }

    /// <summary>A name, looked up in the destination Pod's containers: name and protocol must both match.</summary>
    public string? Name { get; init; }

    public override string ToString() => (Name, Number, EndNumber) switch
    {
        ({ } name, _, _) => $"{Protocol.Upper()} {name}",
        (null, null, _) => $"{Protocol.Upper()} any port",
        (null, { } number, { } end) => $"{Protocol.Upper()} {number}-{end}",
        (null, { } number, null) => $"{Protocol.Upper()} {number}",
    };
}
