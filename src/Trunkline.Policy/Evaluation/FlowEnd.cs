using System.Net;
using System.Net.Sockets;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Evaluation;

/// <summary>One end of a flow: a Pod, or an address that may be a Pod's, a node's or a stranger's.</summary>
public sealed record FlowEnd
{
    private FlowEnd(PolicyPod? pod, IPAddress? address) => (Pod, Address) = (pod, address);

    /// <summary>Null where the end is no Pod that policies can select.</summary>
    public PolicyPod? Pod { get; }

    /// <summary>Null for a Pod whose address is whatever the other end's family asks for.</summary>
    public IPAddress? Address { get; }

    /// <summary>A Pod, in the family of the other end; between two Pods, in the first family of the source that both have.</summary>
    public static FlowEnd Of(PolicyPod pod) => new(pod, null);

    public static FlowEnd Of(PolicyPod pod, AddressFamily family) => new(pod, pod.AddressOf(family));

    public static FlowEnd Of(IPAddress address) => new(null, address);

    public override string ToString() => Pod is not null ? $"{Pod}" : $"{Address}";

    internal static AddressFamily FamilyOf(FlowEnd source, FlowEnd destination)
    {
        if ((source.Address ?? destination.Address) is { } address)
        {
            return address.AddressFamily;
        }

        var common = source.Pod!.Addresses.FirstOrDefault(own => destination.Pod!.AddressOf(own.AddressFamily) is not null);
        return common?.AddressFamily ?? AddressFamily.InterNetwork;
    }

    // An address of a live Pod is that Pod; a Pod on its node's network, or a completed one, is only an address.
    internal FlowEnd Resolve(PolicyCluster cluster, AddressFamily family)
    {
        if (Pod is not null)
        {
            var address = Address ?? Pod.AddressOf(family);
            return Pod.HostNetwork || Pod.Completed ? new FlowEnd(null, address) : new FlowEnd(Pod, address);
        }

        return Address is not null && cluster.PodAt(Address) is { } pod ? new FlowEnd(pod, Address) : this;
    }
}
