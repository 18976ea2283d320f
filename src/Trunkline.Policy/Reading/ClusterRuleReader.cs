using System.Net;
using System.Text.Json;
using Trunkline.Policy.Addresses;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Reading;

/// <summary>One rule of a ClusterNetworkPolicy.</summary>
internal static class ClusterRuleReader
{
    public static ClusterPolicyRule Read(JsonElement? item, TrafficDirection direction)
    {
        var list = direction == TrafficDirection.Ingress ? "from" : "to";
        ClusterPolicyAction? action = item.Field("action").Text() switch
        {
            "Accept" => ClusterPolicyAction.Accept,
            "Deny" => ClusterPolicyAction.Deny,
            "Pass" => ClusterPolicyAction.Pass,
            _ => null,
        };
        var peers = item.Field(list).Items().Select(peer => Peer(peer, direction)).ToList();
        var ports = item.Field("protocols").Items().Select(Port).ToList();
        var why = action is null ? "its action is none of Accept, Deny and Pass"
            : !item.HasOnly("name", "action", list, "protocols") ? "it has fields that are not known"
            : peers.Count == 0 ? $"it has no {list}"
            : peers.IndexOf(null) is >= 0 and var peer ? $"{list}[{peer}] is of no known kind"
            : ports.IndexOf(null) is >= 0 and var port ? $"protocols[{port}] is of no known kind"
            : item.Field("protocols") is not null && ports.Count == 0 ? "its protocols are no list of them"
            : null;
        return new ClusterPolicyRule(action ?? ClusterPolicyAction.Deny, [.. peers.OfType<ClusterPolicyPeer>()], [.. ports.OfType<ClusterPolicyPort>()])
        {
            Name = item.Field("name").Text() ?? "",
            Unreadable = why,
        };
    }

    /// <summary><c>namespaces</c> or <c>pods</c>, of a subject or a peer. Pods' <c>namespaceSelector</c> may be absent: all namespaces.</summary>
    public static NamespacedPods? Pods(JsonElement? item, string kind)
    {
        if (kind == "namespaces")
        {
            return SelectorReader.Read(item) is { } all ? new NamespacedPods(all, LabelSelector.Everything) : null;
        }

        return kind == "pods" && item.HasOnly("namespaceSelector", "podSelector")
            && (item.Field("namespaceSelector") is { } given ? SelectorReader.Read(given) : LabelSelector.Everything) is { } namespaces && SelectorReader.Read(item.Field("podSelector")) is { } pods
            ? new NamespacedPods(namespaces, pods)
            : null;
    }

    private static ClusterPolicyPeer? Peer(JsonElement? item, TrafficDirection direction) => item.FieldNames() switch
    {
        [("namespaces" or "pods") and var kind] => Pods(item.Field(kind), kind) is { } pods ? new ClusterPolicyPeer { Pods = pods } : null,
        ["nodes"] when direction == TrafficDirection.Egress => SelectorReader.Read(item.Field("nodes")) is { } nodes ? new ClusterPolicyPeer { Nodes = nodes } : null,
        ["networks"] when direction == TrafficDirection.Egress => Networks(item.Field("networks")),
        _ => null, // also domainNames, which only a resolver in the packet's way could keep
    };

    private static ClusterPolicyPeer? Networks(JsonElement? list)
    {
        var networks = new List<IPNetwork>();
        foreach (var item in list.Items())
        {
            if (!Cidr.TryParse(item.Text(), out var network))
            {
                return null;
            }

            networks.Add(network);
        }

        return networks.Count > 0 ? new ClusterPolicyPeer { Networks = networks } : null;
    }

    private static ClusterPolicyPort? Port(JsonElement? item)
    {
        if (item.FieldNames() is not [var kind])
        {
            return null;
        }

        if (kind == "destinationNamedPort")
        {
            return item.Field(kind).Text() is { Length: > 0 } name ? new ClusterPolicyPort { Name = name } : null;
        }

        TransportProtocol? protocol = kind switch { "tcp" => TransportProtocol.Tcp, "udp" => TransportProtocol.Udp, "sctp" => TransportProtocol.Sctp, _ => null };
        var match = item.Field(kind);
        var port = match.Field("destinationPort");
        if (protocol is null || !match.HasOnly("destinationPort") || port.FieldNames() is not [var form])
        {
            return null;
        }

        var range = port.Field("range");
        var (first, last) = form switch
        {
            "number" => (port.Field(form).Number(), port.Field(form).Number()),
            "range" when range.HasOnly("start", "end") => (range.Field("start").Number(), range.Field("end").Number()),
            _ => (null, null),
        };
        return first is >= 1 && last >= first && last <= 65535 ? new ClusterPolicyPort { Protocol = protocol, First = first.Value, Last = last.Value } : null;
    }
}
