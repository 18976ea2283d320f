using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Context;

/// <summary>A port of a Service.</summary>
/// <param name="Node">Its entry.</param>
public sealed record ServicePortFacts(ManifestNode Node)
{
    /// <summary>The port; null where it is no number.</summary>
    public long? Port { get; } = Node["port"].Number();

    /// <summary>The name; null without one.</summary>
    public string? Name { get; } = Node["name"].WordOrNull();

    /// <summary>The protocol, TCP where none is written (core/v1 defaults).</summary>
    public string Protocol { get; } = Node["protocol"].WordOrNull() ?? "TCP";

    /// <summary>Whether it is an SCTP port.</summary>
    public bool IsSctp => Protocol.Equals("SCTP", StringComparison.OrdinalIgnoreCase);

    /// <summary>The number of the Pods' port, the Service's own where none is written; null where it is named.</summary>
    public long? TargetNumber => Node.Has("targetPort") ? Node["targetPort"].Number() : Port;

    /// <summary>The name of the Pods' port; null where it is a number.</summary>
    public string? TargetName => Node["targetPort"].Word();

    /// <summary>The node port; null where the cluster picks one.</summary>
    public long? NodePort => Node["nodePort"].Number() is > 0 and var port ? port : null;
}
