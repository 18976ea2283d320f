using System.Net;
using System.Text.Json;
using Trunkline.Policy.Addresses;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Reading;

/// <summary>
/// From the <c>spec</c> of a networking.k8s.io/v1 NetworkPolicy (and of a MultiNetworkPolicy, which has the same) to the model. The API server has validated it; what it
/// could not have let through fails closed: such a podSelector selects all, such policyTypes are both, such a peer or port matches nothing, and such a rule is none.
/// </summary>
public static class NetworkPolicyReader
{
    public static NetworkPolicy Read(string ns, string name, JsonElement? spec) => new(ns, name)
    {
        PodSelector = SelectorReader.Read(spec.Field("podSelector")) ?? LabelSelector.Everything,
        PolicyTypes = Types(spec.Field("policyTypes")),
        Ingress = [.. spec.Field("ingress").Items().SelectMany(rule => Rule(rule, "from"))],
        Egress = [.. spec.Field("egress").Items().SelectMany(rule => Rule(rule, "to"))],
    };

    private static List<TrafficDirection> Types(JsonElement? list)
    {
        var types = list.Items().Select(type => type.Text()).Distinct().ToList();
        return list.IsListOrAbsent() && types.TrueForAll(type => type is "Ingress" or "Egress")
            ? types.ConvertAll(type => type == "Egress" ? TrafficDirection.Egress : TrafficDirection.Ingress)
            : [TrafficDirection.Ingress, TrafficDirection.Egress];
    }

    // An empty list of ports means all of them, so a rule whose every port is unreadable has to go as a whole.
    private static IEnumerable<PolicyRule> Rule(JsonElement? rule, string peers)
    {
        var written = rule.Field("ports").Items().ToList();
        var ports = written.Select(Port).OfType<PolicyPort>().ToList();
        return rule is { ValueKind: JsonValueKind.Object } && rule.HasOnly(peers, "ports")
            && rule.Field(peers).IsListOrAbsent() && rule.Field("ports").IsListOrAbsent() && (ports.Count > 0 || written.Count == 0)
            ? [new PolicyRule([.. rule.Field(peers).Items().Select(Peer)], ports)]
            : [];
    }

    private static PolicyPeer Peer(JsonElement? peer)
    {
        if (!peer.HasOnly("podSelector", "namespaceSelector", "ipBlock"))
        {
            return new PolicyPeer();
        }

        if (peer.Field("ipBlock") is { } block)
        {
            return peer.FieldNames().Count == 1 ? new PolicyPeer { IpBlock = Block(block) } : new PolicyPeer();
        }

        var (pods, namespaces) = (SelectorReader.Read(peer.Field("podSelector")), SelectorReader.Read(peer.Field("namespaceSelector")));
        var isWhole = (pods is null) == (peer.Field("podSelector") is null) && (namespaces is null) == (peer.Field("namespaceSelector") is null);
        return isWhole ? new PolicyPeer { PodSelector = pods, NamespaceSelector = namespaces } : new PolicyPeer();
    }

    private static IpBlock? Block(JsonElement? block)
    {
        if (!block.Field("except").IsListOrAbsent())
        {
            return null;
        }

        var except = new List<IPNetwork>();
        foreach (var item in block.Field("except").Items())
        {
            if (!Cidr.TryParse(item.Text(), out var hole))
            {
                return null;
            }

            except.Add(hole);
        }

        return Cidr.TryParse(block.Field("cidr").Text(), out var cidr) && block.HasOnly("cidr", "except") ? new IpBlock(cidr, except) : null;
    }

    private static PolicyPort? Port(JsonElement? item)
    {
        var (port, end) = (item.Field("port"), item.Field("endPort"));
        var (number, name) = (port.Number(), port.Text());
        var isReadable = item is { ValueKind: JsonValueKind.Object } && item.HasOnly("protocol", "port", "endPort")
            && (port is null || number is not null || name is not null)
            && (end is null || (number is not null && end.Number() >= number));
        return isReadable && (item.Field("protocol") is null || item.Field("protocol").Text() is not null) && Protocols.Parse(item.Field("protocol").Text()) is { } protocol
            ? new PolicyPort { Protocol = protocol, Number = number, EndNumber = end.Number(), Name = name }
            : null;
    }
}
