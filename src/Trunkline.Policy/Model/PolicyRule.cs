namespace Trunkline.Policy.Model;

/// <summary>One item of <c>ingress</c> or <c>egress</c>. No peers: everybody, also from outside. No ports: all ports and protocols.</summary>
public sealed record PolicyRule(IReadOnlyList<PolicyPeer> Peers, IReadOnlyList<PolicyPort> Ports)
{
    public static PolicyRule AllowAll { get; } = new([], []);
}
