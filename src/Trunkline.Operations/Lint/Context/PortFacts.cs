using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Context;

/// <summary>A port that a container declares.</summary>
/// <param name="Node">Its entry.</param>
/// <param name="Container">The container.</param>
public sealed record PortFacts(ManifestNode Node, ManifestNode Container)
{
    /// <summary>The number; null where it is none.</summary>
    public long? Number { get; } = Node["containerPort"].Number();

    /// <summary>The name; null without one.</summary>
    public string? Name { get; } = Node["name"].WordOrNull();

    /// <summary>The protocol, TCP where none is written (core/v1 defaults).</summary>
    public string Protocol { get; } = Node["protocol"].WordOrNull() ?? "TCP";

    /// <summary>Whether it is an SCTP port.</summary>
    public bool IsSctp => Protocol.Equals("SCTP", StringComparison.OrdinalIgnoreCase);

    /// <summary>As people write it: <c>30102/SCTP</c>.</summary>
    public override string ToString() => Name is null ? $"{Number}/{Protocol}" : $"{Number}/{Protocol} ({Name})";
}
