using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using static Trunkline.ApiServer.Tables.TableLayout;

namespace Trunkline.ApiServer.Tables;

internal static class ServiceTable
{
    /// <summary>Load balancers' addresses are cut to this, unless all is asked for.</summary>
    private const int BalancerWidth = 16;

    public static readonly TableLayout Layout = new(
        [
            Name,
            Text("Type", ColumnText.ServiceType),
            Text("Cluster-IP", ColumnText.ServiceClusterIp),
            Text("External-IP", ColumnText.ServiceExternalIp),
            Text("Port(s)", ColumnText.ServicePorts),
            Age,
            Wide("Selector", ColumnText.ServiceSelector),
        ],
        (service, now) =>
        [
            Print.Name(service),
            service.Obj("spec").Text("type"),
            Print.OrNone(service.Obj("spec").Texts("clusterIPs").FirstOrDefault() ?? service.Obj("spec").Str("clusterIP")),
            External(service),
            Ports(service.Obj("spec")),
            Print.Age(service, now),
            Print.Labels(service.Obj("spec"), "selector"),
        ]);

    private static string External(JsonObject service)
    {
        var spec = service.Obj("spec");
        var ips = string.Join(',', spec.Texts("externalIPs"));
        return spec.Text("type") switch
        {
            "ExternalName" => spec.Text("externalName"),
            "LoadBalancer" => Balancer(service, ips),
            "ClusterIP" or "NodePort" => Print.OrNone(ips),
            _ => "<unknown>",
        };
    }

    private static string Balancer(JsonObject service, string ips)
    {
        var given = string.Join(',', service.Obj("status").Obj("loadBalancer").Objects("ingress")
            .Select(i => i.Str("ip") ?? i.Text("hostname")).Where(t => t.Length > 0).Order(StringComparer.Ordinal));
        if (given.Length > BalancerWidth)
        {
            given = given[..(BalancerWidth - 3)] + "...";
        }

        var all = string.Join(',', new[] { given, ips }.Where(t => t.Length > 0));
        return all.Length > 0 ? all : "<pending>";
    }

    private static string Ports(JsonObject? spec)
    {
        var ports = spec.Objects("ports").Select(p => p.Int("nodePort") is > 0
            ? $"{p.Int("port")}:{p.Int("nodePort")}/{p.Text("protocol")}"
            : $"{p.Int("port")}/{p.Text("protocol")}");
        return Print.OrNone(string.Join(',', ports));
    }
}
