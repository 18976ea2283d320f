using System.Net;
using k8s.Models;
using Trunkline.Node.Network.Cluster;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Secondary;

/// <summary>A Pod with secondary networks, as policies on them see it.</summary>
internal sealed record NetworkedPod(PolicyPod Pod, IReadOnlyList<AttachedNetwork> Networks)
{
    /// <summary>Tells it from another Pod of the same name, which may follow before this one has quite gone.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Its addresses on the default network, for one of this node's own.</summary>
    public IReadOnlyList<string> Home { get; init; } = [];

    /// <summary>
    /// Null for a Pod that is on the default network alone: nobody's peer here. Of this node's own Pods the node knows itself what networks they are on (an annotation may be late, or be
    /// taken away), so their labels are kept whatever they say.
    /// </summary>
    public static NetworkedPod? Of(V1Pod pod, string nodeName)
    {
        var networks = NetworkStatus.Read(NetworkStatus.Of(pod));
        return networks.Count > 0 || pod.Spec?.NodeName == nodeName ? Of(pod, networks) : null;
    }

    public static NetworkedPod Of(V1Pod pod, IReadOnlyList<AttachedNetwork> networks, IReadOnlyList<string>? home = null)
    {
        var record = Records.Of(pod);
        return new NetworkedPod(record.Pod, networks) { Uid = record.Uid, Home = home ?? [] };
    }

    /// <summary>The Pod with its addresses on one network instead of those on the default one; null where it is not on it.</summary>
    public PolicyPod? On(string network)
    {
        var addresses = Networks.Where(item => item.Network == network).SelectMany(item => item.Addresses).Select(IPAddress.Parse).ToList();
        return addresses.Count > 0 ? Pod with { Addresses = addresses } : null;
    }
}
