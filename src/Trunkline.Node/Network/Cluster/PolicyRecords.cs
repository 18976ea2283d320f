using System.Globalization;
using System.Net;
using k8s.Models;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Cluster;

/// <summary>From the API's NetworkPolicy to the model's. The API server has validated it; what it could not have let through matches nothing (fails closed).</summary>
internal static class PolicyRecords
{
    public static NetworkPolicy Of(V1NetworkPolicy policy) => new(policy.Metadata.NamespaceProperty ?? "", policy.Metadata.Name ?? "")
    {
        PodSelector = Selector(policy.Spec?.PodSelector) ?? LabelSelector.Everything,
        PolicyTypes = [.. (policy.Spec?.PolicyTypes ?? []).Select(type => type == "Egress" ? TrafficDirection.Egress : TrafficDirection.Ingress)],
        Ingress = [.. (policy.Spec?.Ingress ?? []).Select(rule => Rule(rule.FromProperty, rule.Ports))],
        Egress = [.. (policy.Spec?.Egress ?? []).Select(rule => Rule(rule.To, rule.Ports))],
    };

    private static PolicyRule Rule(IList<V1NetworkPolicyPeer>? peers, IList<V1NetworkPolicyPort>? ports) =>
        new([.. (peers ?? []).Select(Peer)], [.. (ports ?? []).Select(Port)]);

    private static PolicyPeer Peer(V1NetworkPolicyPeer peer) => new()
    {
        PodSelector = Selector(peer.PodSelector),
        NamespaceSelector = Selector(peer.NamespaceSelector),
        IpBlock = peer.IpBlock is { } block && IPNetwork.TryParse(block.Cidr, out var cidr)
            ? new IpBlock(cidr, [.. (block.Except ?? []).Where(text => IPNetwork.TryParse(text, out _)).Select(IPNetwork.Parse)])
            : null,
    };

    private static PolicyPort Port(V1NetworkPolicyPort port)
    {
        var text = port.Port is null ? null : port.Port.ToString();
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return new PolicyPort
        {
            Protocol = Protocols.Parse(port.Protocol) ?? TransportProtocol.Tcp,
            Number = isNumber ? number : null,
            EndNumber = port.EndPort,
            Name = text is null || isNumber ? null : text,
        };
    }

    private static LabelSelector? Selector(V1LabelSelector? selector) => selector is null ? null : new LabelSelector
    {
        MatchLabels = selector.MatchLabels is { Count: > 0 } labels ? new Dictionary<string, string>(labels, StringComparer.Ordinal) : new(),
        MatchExpressions = [.. (selector.MatchExpressions ?? []).Select(Requirement)],
    };

    // An operator nobody knows selects nothing: In, of no values.
    private static SelectorRequirement Requirement(V1LabelSelectorRequirement requirement) =>
        Enum.TryParse<SelectorOperator>(requirement.OperatorProperty, out var known)
            ? new(requirement.Key, known, [.. requirement.Values ?? []])
            : new(requirement.Key, SelectorOperator.In, []);
}
