using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Context;

/// <summary>A port of a NetworkPolicy's rule.</summary>
/// <param name="Node">Its entry.</param>
public sealed record PolicyPortFacts(ManifestNode Node)
{
    /// <summary>The protocol, TCP where none is written (networking/v1 defaults).</summary>
    public string Protocol { get; } = Node["protocol"].WordOrNull() ?? "TCP";

    /// <summary>Whether a protocol is written.</summary>
    public bool HasProtocol => Node.Has("protocol");

    /// <summary>Whether it is an SCTP port.</summary>
    public bool IsSctp => Protocol.Equals("SCTP", StringComparison.OrdinalIgnoreCase);

    /// <summary>The number; null where it is named, or all ports are meant.</summary>
    public long? Number { get; } = Node["port"].Number();

    /// <summary>The name; null where it is a number, or all ports are meant.</summary>
    public string? Name { get; } = Node["port"].Word();

    /// <summary>The last port of a range; the port itself without one.</summary>
    public long? Last => Node["endPort"].Number() ?? Number;

    /// <summary>Whether number or name are those of a port that a Pod declares, whatever the protocol.</summary>
    public bool IsNumberOf(PortFacts port) => (Number is null && Name is null) || (Name is not null ? Name == port.Name : port.Number >= Number && port.Number <= Last);

    /// <summary>Whether it lets traffic to a declared port of a Pod pass.</summary>
    public bool Matches(PortFacts port) => Protocol.Equals(port.Protocol, StringComparison.OrdinalIgnoreCase) && IsNumberOf(port);

    /// <summary>As people write it: <c>SCTP 80</c>.</summary>
    public override string ToString() => $"{Protocol} {Name ?? (Number is null ? "(all ports)" : Last > Number ? $"{Number} to {Last}" : $"{Number}")}";
}
