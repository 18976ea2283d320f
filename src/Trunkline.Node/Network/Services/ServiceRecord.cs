using System.Net;

namespace Trunkline.Node.Network.Services;

/// <summary>What a node needs to know of a Service.</summary>
internal sealed record ServiceRecord(string Namespace, string Name)
{
    /// <summary>metadata.uid, which is a UUID (RFC 9562) on every API server; empty where it is none.</summary>
    public Guid Uid { get; init; }

    public IReadOnlyList<IPAddress> ClusterIps { get; init; } = [];

    public IReadOnlyList<IPAddress> ExternalIps { get; init; } = [];

    /// <summary>status.loadBalancer.ingress, without those whose balancer is a proxy (ipMode Proxy: it must see the traffic).</summary>
    public IReadOnlyList<IPAddress> LoadBalancerIps { get; init; } = [];

    /// <summary>Null where everybody may come.</summary>
    public IReadOnlyList<IPNetwork>? SourceRanges { get; init; }

    public IReadOnlyList<ServiceRecordPort> Ports { get; init; } = [];

    public bool ExternalLocal { get; init; }

    public bool InternalLocal { get; init; }

    /// <summary>sessionAffinityConfig.clientIP.timeoutSeconds; null without affinity.</summary>
    public int? AffinitySeconds { get; init; }

    /// <summary>The annotation <see cref="ServiceReader.HashAnnotation"/> asks for it.</summary>
    public bool HashesPorts { get; init; }

    public int? HealthCheckNodePort { get; init; }
}
