using k8s;
using k8s.Models;

namespace Trunkline.Node.Network;

/// <summary>Services and NetworkPolicies of one node, kept in force in its kernel.</summary>
public interface IDataPlane : IAsyncDisposable
{
    /// <summary>
    /// Starts to watch the cluster and to program the node. Returns as soon as the watches are under way (the API server may not even answer yet);
    /// what fails later is logged and tried again.
    /// </summary>
    Task StartAsync(IKubernetes client, NodeConfig config, CancellationToken cancellationToken);

    /// <summary>
    /// Returns when every policy that selects <paramref name="pod"/> is in force for the IP in its <c>status.podIP</c>: policies apply before a Pod's first
    /// process starts (Kubernetes rule). The caller hands in the Pod with the IP it has given it, which the API server may not know yet.
    /// </summary>
    Task EnsurePodAsync(V1Pod pod, CancellationToken cancellationToken);
}
