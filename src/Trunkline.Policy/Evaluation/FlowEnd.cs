using System.Net;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Evaluation;

/// <summary>One end of a flow: a Pod, or an address that is no Pod's.</summary>
public sealed record FlowEnd
{
    private FlowEnd(PolicyPod? pod, IPAddress? address) => (Pod, Address) = (pod, address);

    /// <summary>Null where the end is no Pod that policies can select.</summary>
    public PolicyPod? Pod { get; }

    public IPAddress? Address { get; }

    public static FlowEnd Of(PolicyPod pod) => new(pod, pod.Address);

    public static FlowEnd Of(IPAddress address) => new(null, address);

    public override string ToString() => Pod is not null ? $"{Pod}" : $"{Address}";

    // An address of a live Pod is that Pod; a Pod on its node's network, or a completed one, is only an address.
    internal FlowEnd Resolve(PolicyCluster cluster)
    {
        if (Pod is not null)
        {
            return Pod.HostNetwork || Pod.Completed ? new FlowEnd(null, Pod.Address) : this;
        }

        return Address is not null && cluster.PodAt(Address) is { } pod ? new FlowEnd(pod, Address) : this;
    }
}
