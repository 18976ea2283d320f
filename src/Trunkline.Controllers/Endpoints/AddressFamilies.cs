using System.Net;
using System.Net.Sockets;
using k8s.Models;

namespace Trunkline.Controllers.Endpoints;

/// <summary>Families in the API's words, IPv4 and IPv6.</summary>
internal static class AddressFamilies
{
    /// <summary>A Service's, the primary one first. One that does not say (an older server's) has that of its address.</summary>
    public static IReadOnlyList<string> Of(V1Service service) =>
        service.Spec.IpFamilies is { Count: > 0 } said ? [.. said] : [Of(service.Spec.ClusterIP) ?? "IPv4"];

    public static string? Of(string? address) => !IPAddress.TryParse(address, out var parsed) ? null
        : parsed.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";

    /// <summary>A Pod's address of a family, or null.</summary>
    public static string? AddressOf(V1Pod pod, string family) =>
        (pod.Status?.PodIPs ?? []).Select(i => i.Ip).Append(pod.Status?.PodIP).FirstOrDefault(ip => Of(ip) == family);
}
