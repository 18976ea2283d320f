using System.Net;
using k8s.Models;
using Trunkline.Node.Network.Cluster;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Secondary;

/// <summary>A Pod with secondary networks, as policies on them see it.</summary>
internal sealed record NetworkedPod(PolicyPod Pod, IReadOnlyList<AttachedNetwork> Networks)
{
    /// <summary>Null for a Pod that is on the default network alone: nobody's peer here.</summary>
    public static NetworkedPod? Of(V1Pod pod)
    {
        var networks = NetworkStatus.Read(pod.Metadata.Annotations is { } annotations && annotations.TryGetValue(NetworkStatus.Annotation, out var text) ? text : null);
        return networks.Count > 0 ? new NetworkedPod(Records.Of(pod).Pod, networks) : null;
    }

    /// <summary>The Pod with its addresses on one network instead of those on the default one; null where it is not on it.</summary>
    public PolicyPod? On(string network)
    {
        var addresses = Networks.Where(item => item.Network == network).SelectMany(item => item.Addresses).Select(IPAddress.Parse).ToList();
        return addresses.Count > 0 ? Pod with { Addresses = addresses } : null;
    }
}
