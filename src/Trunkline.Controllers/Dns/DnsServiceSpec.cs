using k8s.Models;

namespace Trunkline.Controllers.Dns;

/// <summary>What of the DNS Service's spec matters: where it is and where it leads. Pure.</summary>
internal static class DnsServiceSpec
{
    public static bool Same(V1ServiceSpec have, V1ServiceSpec want) =>
        (have.Type ?? "ClusterIP") == want.Type && (have.ClusterIPs ?? [have.ClusterIP]).SequenceEqual(want.ClusterIPs)
        && have.Selector is null or { Count: 0 } && have.SessionAffinity is null or "None" && have.InternalTrafficPolicy is null or "Cluster" && have.ExternalIPs is null or { Count: 0 }
        && (have.Ports ?? []).Select(Port).SequenceEqual(want.Ports.Select(Port));

    /// <summary>Puts it into a spec that says otherwise, and leaves what the API server has given.</summary>
    public static void Put(V1ServiceSpec into, V1ServiceSpec want)
    {
        (into.Type, into.Ports, into.Selector, into.ExternalIPs) = (want.Type, want.Ports, null, null);
        (into.SessionAffinity, into.SessionAffinityConfig, into.InternalTrafficPolicy) = ("None", null, "Cluster");
        (into.IpFamilyPolicy, into.ClusterIPs) = (want.IpFamilyPolicy, want.ClusterIPs);
        into.IpFamilies = [.. want.ClusterIPs.Select(address => address.Contains(':', StringComparison.Ordinal) ? "IPv6" : "IPv4")];
        (into.ExternalTrafficPolicy, into.HealthCheckNodePort, into.AllocateLoadBalancerNodePorts, into.LoadBalancerClass, into.LoadBalancerSourceRanges) = (null, null, null, null, null);
    }

    private static (string? Name, int Port, string Protocol, string? Target) Port(V1ServicePort port) =>
        (port.Name, port.Port, port.Protocol ?? "TCP", port.TargetPort?.Value ?? $"{port.Port}");
}
