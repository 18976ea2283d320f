using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Policies;

/// <summary>Which ports have to be asked for, so that nothing a cluster's policies say of a protocol is missed.</summary>
public static class PortQuestions
{
    /// <summary>The ports that Pods declare, in rising order; those at which a verdict matters to somebody now.</summary>
    public static IReadOnlyList<PortQuestion> Declared(ClusterObjects objects, TransportProtocol protocol) =>
    [
        .. objects.Of(ResourceKinds.Pod).SelectMany(pod => pod.Spec.Field("containers").Objects()).SelectMany(container => container["ports"].Objects())
            .Where(port => Protocols.Parse(port["protocol"].AsText()) == protocol).Select(port => port["containerPort"].AsNumber()).OfType<long>()
            .Distinct().Order().Select(port => new PortQuestion(protocol, (int)port)),
    ];

    /// <summary>Declared ports, the ends of every range that a policy of any of the clusters names, their neighbours, and one port for all others.</summary>
    public static IReadOnlyList<PortQuestion> Whole(IReadOnlyList<(ClusterObjects Objects, PolicyCluster Cluster)> clusters, TransportProtocol protocol)
    {
        var ranges = clusters.SelectMany(pair => Ranges(pair.Cluster, protocol)).ToList();
        var ports = clusters.SelectMany(pair => Declared(pair.Objects, protocol)).Select(question => question.Port)
            .Concat(ranges.SelectMany(range => range.First == range.Last ? new[] { range.First } : [range.First, range.Last, range.First - 1, range.Last + 1]))
            .Where(port => port is >= 1 and <= 65535).Distinct().Order().ToList();
        var other = Enumerable.Range(1, 65535).FirstOrDefault(port => !ports.Contains(port) && ranges.TrueForAll(range => port < range.First || port > range.Last));
        return [.. ports.Select(port => new PortQuestion(protocol, port)), .. other == 0 ? Array.Empty<PortQuestion>() : [new PortQuestion(protocol, other, IsAnyOther: true)]];
    }

    // Within a range and outside of all of them verdicts do not change, so its ends and what stands beside them say all.
    private static IEnumerable<(int First, int Last)> Ranges(PolicyCluster cluster, TransportProtocol protocol)
    {
        var directions = new[] { TrafficDirection.Ingress, TrafficDirection.Egress };
        var plain = from policy in cluster.Policies
                    from direction in directions
                    from rule in policy.Rules(direction)
                    from port in rule.Ports
                    where port.Protocol == protocol && port.Number is not null
                    select (port.Number!.Value, port.EndNumber ?? port.Number!.Value);
        var tiers = from policy in cluster.ClusterPolicies
                    from direction in directions
                    from rule in policy.Rules(direction)
                    from port in rule.Ports
                    where port.Name is null && port.Protocol == protocol
                    select (port.First, port.Last);
        return plain.Concat(tiers);
    }
}
