namespace Trunkline.Controllers.Dns;

/// <summary>The cluster's DNS: where its server is, and how records reach it.</summary>
public sealed record ClusterDnsOptions
{
    /// <summary>The cluster's domain where nobody says otherwise.</summary>
    public const string DefaultDomain = "cluster.local";

    /// <summary>The addresses at which the server itself answers, at most one a family. They become the endpoints of its Service.</summary>
    public required IReadOnlyList<string> ServerAddresses { get; init; }

    /// <summary>Takes all records whenever they have changed.</summary>
    public required IRecordSink Sink { get; init; }

    /// <summary>The cluster's domain. Default cluster.local (kubelet's `--cluster-domain`).</summary>
    public string Domain { get; init; } = DefaultDomain;

    /// <summary>The Service's addresses, at most one a family, the primary family's first. Default 172.30.0.10, OpenShift's (kubelet's `--cluster-dns`).</summary>
    public IReadOnlyList<string> ServiceAddresses { get; init; } = ["172.30.0.10"];

    /// <summary>The Service's namespace. Default openshift-dns, OpenShift's.</summary>
    public string ServiceNamespace { get; init; } = "openshift-dns";

    /// <summary>The Service's name. Default dns-default, OpenShift's.</summary>
    public string ServiceName { get; init; } = "dns-default";

    /// <summary>The server's port, at its Service and at its endpoints. Default 53.</summary>
    public int Port { get; init; } = 53;

    /// <summary>How long changes are gathered before they are published. Default 20 ms.</summary>
    public TimeSpan GatherDelay { get; init; } = TimeSpan.FromMilliseconds(20);
}
