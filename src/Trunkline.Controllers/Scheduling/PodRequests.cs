using k8s.Models;

namespace Trunkline.Controllers.Scheduling;

/// <summary>What a Pod asks of a node: cpu in millicores, memory in bytes.</summary>
internal readonly record struct PodRequests(decimal MilliCpu, decimal Memory)
{
    public static PodRequests Zero => default;

    public static PodRequests operator +(PodRequests left, PodRequests right) => new(left.MilliCpu + right.MilliCpu, left.Memory + right.Memory);

    /// <summary>
    /// The sum of the containers, or the largest step of the init containers where that is more; sidecars (init containers that restart always)
    /// count with the containers and with every init container after them; plus the overhead.
    /// </summary>
    public static PodRequests Of(V1Pod pod)
    {
        var containers = pod.Spec.Containers.Aggregate(Zero, (sum, c) => sum + From(c.Resources?.Requests));
        var sidecars = Zero;
        var initial = Zero;
        foreach (var init in pod.Spec.InitContainers ?? [])
        {
            var wants = From(init.Resources?.Requests);
            if (init.RestartPolicy == "Always")
            {
                sidecars += wants;
                initial = Max(initial, sidecars);
            }
            else
            {
                initial = Max(initial, wants + sidecars);
            }
        }

        return Max(containers + sidecars, initial) + From(pod.Spec.Overhead);
    }

    public static PodRequests From(IDictionary<string, ResourceQuantity>? quantities) =>
        quantities is null ? Zero : new PodRequests(Value(quantities, "cpu") * 1000, Value(quantities, "memory"));

    private static PodRequests Max(PodRequests a, PodRequests b) => new(Math.Max(a.MilliCpu, b.MilliCpu), Math.Max(a.Memory, b.Memory));

    private static decimal Value(IDictionary<string, ResourceQuantity> from, string name) => from.TryGetValue(name, out var q) ? q.ToDecimal() : 0;
}
