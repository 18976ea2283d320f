using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Policies.Verify;

/// <summary>Which flows are tried, so that a plugin that ignores a policy for SCTP, or opens TCP with it, is caught. Pure.</summary>
public static class ProbePlan
{
    /// <summary>Makes the plan: each running Pod of the namespaces with each other and with itself, at each port that the destination declares for SCTP, over SCTP and over TCP.</summary>
    /// <param name="objects">The cluster.</param>
    /// <param name="cluster">The same, as policies see it.</param>
    /// <param name="ns">The namespace whose Pods talk; null for all.</param>
    /// <param name="ports">Ports in place of those that Pods declare; none for these.</param>
    public static IReadOnlyList<PolicyProbe> Of(ClusterObjects objects, PolicyCluster cluster, string? ns, IReadOnlyList<int> ports)
    {
        var running = objects.Of(ResourceKinds.Pod).Where(pod => pod.Status.Field("phase").AsText() == "Running" && pod.Document["metadata"].Field("deletionTimestamp") is null).ToDictionary(pod => (pod.Namespace ?? "", pod.Name));
        var pods = cluster.Pods.Where(pod => pod.IsSelectable && (ns is null || pod.Namespace == ns) && running.ContainsKey((pod.Namespace, pod.Name))).ToList();
        return
        [
            .. from destination in pods
               from port in ports.Count > 0 ? ports : Declared(running[(destination.Namespace, destination.Name)])
               from source in pods
               from protocol in new[] { TransportProtocol.Sctp, TransportProtocol.Tcp }
               let address = destination.Addresses.FirstOrDefault(own => source.AddressOf(own.AddressFamily) is not null)
               where address is not null
               select new PolicyProbe(source, destination, address, protocol, port,
                   PolicyEvaluator.Evaluate(cluster, FlowEnd.Of(source, address.AddressFamily), FlowEnd.Of(destination, address.AddressFamily), protocol, port)),
        ];
    }

    private static IReadOnlyList<int> Declared(ClusterObject pod) =>
    [
        .. pod.Spec.Field("containers").Objects().SelectMany(container => container["ports"].Objects()).Where(port => Protocols.Parse(port["protocol"].AsText()) == TransportProtocol.Sctp)
            .Select(port => port["containerPort"].AsNumber()).OfType<long>().Distinct().Select(port => (int)port),
    ];
}
