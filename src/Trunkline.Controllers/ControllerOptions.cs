using Trunkline.Controllers.Dns;

namespace Trunkline.Controllers;

/// <summary>What can be set about the controllers. Names follow kube-controller-manager's flags where one exists.</summary>
public sealed record ControllerOptions
{
    /// <summary>Range that Pods get their addresses from. Default 10.128.0.0/14, OpenShift's (`--cluster-cidr`).</summary>
    public string ClusterCidr { get; init; } = "10.128.0.0/14";

    /// <summary>Prefix length of one node's range. Default 23, OpenShift's hostPrefix (`--node-cidr-mask-size`).</summary>
    public int NodeCidrMaskSize { get; init; } = 23;

    /// <summary>The same in the other family, such as fd01::/48 (the second of `--cluster-cidr`). Null: Pods of one family.</summary>
    public string? SecondaryClusterCidr { get; init; }

    /// <summary>Prefix length of one node's range in the other family. Default 64 (`--node-cidr-mask-size-ipv6`).</summary>
    public int SecondaryNodeCidrMaskSize { get; init; } = 64;

    /// <summary>Ranges from which Services of type LoadBalancer get their addresses, at most one a family. None: nobody gives such addresses here.</summary>
    public IReadOnlyList<string> LoadBalancerPools { get; init; } = [];

    /// <summary>
    /// A node whose lease was not renewed for this long is Unknown. Default 8 s (`--node-monitor-grace-period`, 50 s in Kubernetes):
    /// lab agents renew every 2 s.
    /// </summary>
    public TimeSpan NodeMonitorGracePeriod { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The same for a node that never posted a status. Default 60 s (`--node-startup-grace-period`).</summary>
    public TimeSpan NodeStartupGracePeriod { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a Pod may name a node that does not exist before it is deleted. Default 40 s, the Pod garbage collector's quarantine.</summary>
    public TimeSpan OrphanedPodQuarantine { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>
    /// How long a change of MachineConfigs is waited upon before a pool is rendered, so that several changes make one roll-out.
    /// Default 1 s; the operator's own is 5 s.
    /// </summary>
    public TimeSpan RenderDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause between two tries to evict a Pod that its disruption budget protects. Default 1 s; kubectl drain's is 5 s.</summary>
    public TimeSpan EvictErrorRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A drain that takes longer is reported on its node (and goes on). Default 1 h, the operator's.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Endpoints in one EndpointSlice. Default 100 (`--max-endpoints-per-slice`).</summary>
    public int MaxEndpointsPerSlice { get; init; } = 100;

    /// <summary>PEM of the cluster's certificate authority, published in each namespace as ConfigMap kube-root-ca.crt (`--root-ca-file`).</summary>
    public string? RootCertificateAuthority { get; init; }

    /// <summary>Longest pause between two tries of a failing reconciliation or a lost watch. Default 5 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether Pods are scheduled; switch off where another scheduler does it. Default true.</summary>
    public bool Scheduling { get; init; } = true;

    /// <summary>Whether machine configs are reconciled; switch off on a cluster that runs the operator itself. Default true.</summary>
    public bool MachineConfigs { get; init; } = true;

    /// <summary>The cluster's DNS, where its records are kept by these controllers. Default none: another cluster has its own.</summary>
    public ClusterDnsOptions? Dns { get; init; }
}
