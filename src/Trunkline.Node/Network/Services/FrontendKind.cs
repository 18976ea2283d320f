namespace Trunkline.Node.Network.Services;

/// <summary>Under what kind of address clients find a Service. Where two kinds claim one key, the first has it.</summary>
internal enum FrontendKind
{
    ClusterIp,
    NodePort,
    LoadBalancer,
    ExternalIp,
    HostPort,
}
