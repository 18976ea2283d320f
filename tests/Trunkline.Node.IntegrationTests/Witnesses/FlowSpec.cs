using System.Net;
using Trunkline.Node.IntegrationTests.Kernel;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>A flow that is asked about.</summary>
internal readonly record struct FlowSpec(IPAddress Source, IPAddress Destination, TransportProtocol Protocol, int Port)
{
    /// <summary>What worker-0 has to do with it, by the evaluator: each node judges the side of its own Pods.</summary>
    public bool IsAllowed(PolicyCluster cluster, out Verdict verdict)
    {
        verdict = PolicyEvaluator.Evaluate(cluster, FlowEnd.Of(Source), FlowEnd.Of(Destination), Protocol, Port);
        // An address behind a cable that is no running Pod's is closed, except to its own node.
        return (Source.Equals(Place.OwnOf(Source)) || !IsNobodys(cluster, Source, Destination))
            && (!IsHere(cluster, Source) || verdict.Egress.Allowed) && (!IsHere(cluster, Destination) || verdict.Ingress.Allowed);
    }

    /// <summary>What the kernel's rules say of its first packet.</summary>
    public Outcome Walk(Walker walker, NodeRoutesView routes) =>
        walker.Walk(new WalkedPacket(routes.IsOwn(Source) ? null : routes.LinkTo(Source), Source, Destination, (int)Protocol, 40000, Port));

    public override string ToString() => $"{Source} → {Destination} {Protocol.Lower()} {Port}";

    private static bool IsNobodys(PolicyCluster cluster, IPAddress source, IPAddress destination) =>
        (Place.IsBehindCable(source) && cluster.PodAt(source) is null && !destination.Equals(Place.OwnOf(destination)))
        || (Place.IsBehindCable(destination) && cluster.PodAt(destination) is null);

    private static bool IsHere(PolicyCluster cluster, IPAddress address) => cluster.PodAt(address)?.NodeName == Place.OwnNode;
}
