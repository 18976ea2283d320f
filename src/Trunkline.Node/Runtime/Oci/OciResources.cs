using System.Text.Json.Nodes;
using k8s.Models;

namespace Trunkline.Node.Runtime.Oci;

/// <summary>Requests and limits as control group values, by a kubelet's formulas.</summary>
internal static class OciResources
{
    private const long Period = 100_000; // microseconds, the kernel's and the kubelet's default
    private const long LeastShares = 2;
    private const long LeastQuota = 1000;
    private const long ProcessLimit = 4096; // OpenShift's podPidsLimit

    public static JsonObject Build(V1ResourceRequirements? resources)
    {
        var cpu = new JsonObject { ["shares"] = Shares(resources) };
        if (Quantity(resources?.Limits, "cpu") is { } cpuLimit && cpuLimit > 0)
        {
            cpu["quota"] = Math.Max(LeastQuota, (long)(cpuLimit * Period));
            cpu["period"] = Period;
        }

        var result = new JsonObject
        {
            ["devices"] = new JsonArray(new JsonObject { ["allow"] = false, ["access"] = "rwm" }),
            ["cpu"] = cpu,
            ["pids"] = new JsonObject { ["limit"] = ProcessLimit },
        };
        if (Quantity(resources?.Limits, "memory") is { } memory && memory > 0)
        {
            result["memory"] = new JsonObject { ["limit"] = (long)memory };
        }

        return result;
    }

    /// <summary>How willingly the kernel ends this container first: a kubelet's values for Guaranteed, BestEffort and Burstable.</summary>
    public static int OomScoreAdjustment(V1Pod pod, V1Container container, long nodeMemory)
    {
        switch (pod.Status?.QosClass)
        {
            case "Guaranteed":
                return -997;
            case "BestEffort":
                return 1000;
            default:
                var request = Quantity(container.Resources?.Requests, "memory") ?? 0;
                return (int)Math.Clamp(1000 - (1000 * request / Math.Max(1, nodeMemory)), 3, 999);
        }
    }

    private static long Shares(V1ResourceRequirements? resources)
    {
        var request = Quantity(resources?.Requests, "cpu") ?? Quantity(resources?.Limits, "cpu") ?? 0;
        return Math.Clamp((long)(request * 1024), LeastShares, 262_144);
    }

    private static decimal? Quantity(IDictionary<string, ResourceQuantity>? list, string name) =>
        list is not null && list.TryGetValue(name, out var quantity) ? quantity.ToDecimal() : null;
}
