namespace Trunkline.Node.Network.Services;

/// <summary>
/// Under what kind of address clients find a Service. Where two kinds claim one key, the first has it (<see cref="ServiceRules.Parts"/>; the first two never claim the
/// same, as no node's address is in the Services' networks).
/// </summary>
internal enum FrontendKind
{
    ClusterIp,
    NodePort,
    LoadBalancer,
    ExternalIp,
    HostPort,
}
