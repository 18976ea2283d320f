using k8s.Models;

namespace Trunkline.Node.Runtime.Oci;

/// <summary>All that an OCI bundle is made of: a container of a Pod with nothing left to look up.</summary>
internal sealed record ContainerPlan
{
    public required V1Pod Pod { get; init; }

    public required V1Container Container { get; init; }

    public required string Root { get; init; }

    public required string CgroupPath { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>In the order of the container's own list; what comes later wins, as for a process.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    public required IReadOnlyList<OciMount> Mounts { get; init; }

    /// <summary>Null: the node's own network.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>Null: the node's own host name.</summary>
    public string? UtsNamespace { get; init; }

    public required string IpcNamespace { get; init; }

    /// <summary>What no process may go below without CAP_SYS_RESOURCE, which a node does not have: the agent's own value.</summary>
    public int LowestOomScoreAdjustment { get; init; }
}
