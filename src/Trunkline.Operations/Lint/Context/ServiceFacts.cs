using Trunkline.Operations.Lint.Documents;

namespace Trunkline.Operations.Lint.Context;

/// <summary>A Service.</summary>
public sealed class ServiceFacts(LintDocument document)
{
    /// <summary>The object.</summary>
    public LintDocument Document { get; } = document;

    /// <summary>The ports.</summary>
    public IReadOnlyList<ServicePortFacts> Ports { get; } = [.. (document.Spec?["ports"]).List().Where(port => port.Entries is not null).Select(port => new ServicePortFacts(port))];

    /// <summary>The type, ClusterIP where none is written.</summary>
    public string Type { get; } = (document.Spec?["type"]).WordOrNull() ?? "ClusterIP";

    /// <summary>The selector; empty without one.</summary>
    public IReadOnlyDictionary<string, string> Selector { get; } = (document.Spec?["selector"]).Words();

    /// <summary>Whether it is reached from outside the cluster, at a node or a balancer.</summary>
    public bool IsOutward => Type is "NodePort" or "LoadBalancer";

    /// <summary>Whether one of its ports is SCTP's.</summary>
    public bool HasSctp => Ports.Any(port => port.IsSctp);
}
