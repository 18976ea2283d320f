using System.Net;
using System.Net.Sockets;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Evaluation;

/// <summary>One end of a flow: a Pod, or an address that may be a Pod's, a node's or a stranger's.</summary>
public sealed record FlowEnd
{
    // The family that was asked for, also where the Pod has no address of it.
    private readonly AddressFamily? _family;

    private FlowEnd(PolicyPod? pod, IPAddress? address, AddressFamily? family = null) => (Pod, Address, _family) = (pod, address, family);

    /// <summary>Null where the end is no Pod that policies can select.</summary>
    public PolicyPod? Pod { get; }

    /// <summary>Null for a Pod whose address is whatever the other end's family asks for.</summary>
    public IPAddress? Address { get; }

    /// <summary>A Pod, in the family of the other end; between two Pods, in the first family of the source that both have.</summary>
    public static FlowEnd Of(PolicyPod pod) => new(pod, null);

    public static FlowEnd Of(PolicyPod pod, AddressFamily family) => new(pod, pod.AddressOf(family), family);

    public static FlowEnd Of(IPAddress address) => new(null, address);

    public override string ToString() => Pod is not null ? $"{Pod}" : $"{Address}";

    internal static AddressFamily FamilyOf(FlowEnd source, FlowEnd destination)
    {
        if ((source._family ?? source.Address?.AddressFamily ?? destination._family ?? destination.Address?.AddressFamily) is { } family)
        {
            return family;
        }

        var common = source.Pod!.Addresses.FirstOrDefault(own => destination.Pod!.AddressOf(own.AddressFamily) is not null);
        return common?.AddressFamily ?? AddressFamily.InterNetwork;
    }

    // An address of a live Pod is that Pod; a Pod on its node's network, or a completed one, is only an address.
    internal FlowEnd Resolve(PolicyCluster cluster, AddressFamily family)
    {
        if (Pod is not null)
        {
            var address = Pod.AddressOf(family);
            return Pod.HostNetwork || Pod.Completed ? new FlowEnd(null, address, family) : new FlowEnd(Pod, address, family);
        }

        return Address is not null && cluster.PodAt(Address) is { } pod ? new FlowEnd(pod, Address) : this;
    }
}
