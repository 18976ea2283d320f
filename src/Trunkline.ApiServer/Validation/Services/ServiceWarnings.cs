using System.Net.Sockets;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Services;

/// <summary>What a Service may say but should not (pkg/api/service/warnings.go).</summary>
internal static class ServiceWarnings
{
    public static IReadOnlyList<string> Of(JsonObject service)
    {
        var spec = service.Obj("spec");
        var warnings = new List<string>();
        warnings.AddRange(Canonical("spec.clusterIPs", spec.Texts("clusterIPs").Where(ip => ip != "None")));
        warnings.AddRange(Canonical("spec.externalIPs", spec.Texts("externalIPs")));
        if (spec.Text("loadBalancerIP") is { Length: > 0 } balancer && Uncanonical("spec.loadBalancerIP", balancer) is { } complaint)
        {
            warnings.Add(complaint);
        }

        var external = spec.Text("type") == "ExternalName";
        if (external && spec.List("externalIPs").Count > 0)
        {
            warnings.Add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }

        if (!external && spec.Text("externalName").Length > 0)
        {
            warnings.Add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }

        return warnings;
    }

    private static IEnumerable<string> Canonical(string path, IEnumerable<string> ips) =>
        ips.Select((ip, i) => Uncanonical($"{path}[{i}]", ip)).OfType<string>();

    private static string? Uncanonical(string path, string ip) =>
        AddressRules.Parse(ip) is { AddressFamily: AddressFamily.InterNetworkV6 } address && address.ToString() != ip
            ? $"{path}: IPv6 address \"{ip}\" is not in RFC 5952 canonical format (\"{address}\"), which may cause controller apply-loops"
            : null;
}
