using Trunkline.Policy.Model;

namespace Trunkline.Policy.Compiled;

/// <summary>One rule of any kind of policy. No peers: everybody. No ports: all of them.</summary>
internal sealed record CompiledRule(ClusterPolicyAction Effect, CompiledPeers? Peers, CompiledPorts? Ports)
{
    public bool MatchesPort(TransportProtocol protocol, int port, NamedPort[] declared) =>
        Ports is null || Ports.HasNumber(protocol, port) || (Ports.HasNames && Ports.HasNamed(protocol, port, declared));
}
