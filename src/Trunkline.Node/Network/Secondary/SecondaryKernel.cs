using System.Net;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Netlink;
using Trunkline.Node.Network.Nft;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Secondary;

/// <summary>Linux: nft and netlink inside a Pod's namespace.</summary>
internal sealed class SecondaryKernel : ISecondaryKernel
{
    /// <inheritdoc/>
    public async Task<uint> WriteAsync(string netnsPath, string script, CancellationToken cancellationToken)
    {
        var before = Generation(netnsPath);
        await NamespaceCommand.NftAsync(netnsPath, script, cancellationToken);
        var after = Generation(netnsPath);
        return after == before + 1 ? after : 0;
    }

    /// <inheritdoc/>
    public uint Generation(string netnsPath) => NamespaceThread.Run(netnsPath, () =>
    {
        using var socket = new ElementSocket();
        return socket.Generation();
    });

    /// <summary>What stands and is no longer allowed is forgotten, so that its next packet is judged anew; what is allowed is left alone.</summary>
    public int Sweep(NetworkedPod pod, string netnsPath, Func<string, PolicyCluster> clusterOn)
    {
        using var conntrack = NamespaceThread.Run(netnsPath, () => new ConntrackNetlink());
        var flows = conntrack.List().Where(flow => Enum.IsDefined((TransportProtocol)flow.Protocol)).ToList();
        var count = 0;
        foreach (var network in pod.Networks)
        {
            var own = network.Addresses.Select(IPAddress.Parse).ToHashSet();
            count += flows.Count(flow => IsDenied(flow, own, clusterOn(network.Network)) && conntrack.Remove(flow));
        }

        return count;
    }

    private static bool IsDenied(TrackedFlow flow, HashSet<IPAddress> own, PolicyCluster cluster)
    {
        if (!own.Contains(flow.Source) && !own.Contains(flow.Target))
        {
            return false;
        }

        var verdict = PolicyEvaluator.Evaluate(cluster, FlowEnd.Of(flow.Source), FlowEnd.Of(flow.Target), (TransportProtocol)flow.Protocol, flow.TargetPort);
        return (own.Contains(flow.Source) && !verdict.Egress.Allowed) || (own.Contains(flow.Target) && !verdict.Ingress.Allowed);
    }
}
