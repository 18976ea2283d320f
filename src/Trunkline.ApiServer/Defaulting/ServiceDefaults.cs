using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Defaulting;

/// <summary>core/v1 defaults.go, Service.</summary>
internal static class ServiceDefaults
{
    private const int ClientIpTimeoutSeconds = 10800;

    public static void Apply(JsonObject service)
    {
        var spec = service.Child("spec");
        spec.Default("sessionAffinity", "None");
        if (spec.Str("sessionAffinity") == "None")
        {
            spec.Remove("sessionAffinityConfig");
        }
        else if (spec.Str("sessionAffinity") == "ClientIP")
        {
            spec.Child("sessionAffinityConfig").Child("clientIP").Default("timeoutSeconds", ClientIpTimeoutSeconds);
        }

        spec.Default("type", "ClusterIP");
        foreach (var port in spec.Objects("ports"))
        {
            Port(port);
        }

        Policies(spec, spec.Text("type"));
        service.Child("status").Default("loadBalancer", new JsonObject());
        foreach (var ingress in service.Obj("status").Obj("loadBalancer").Objects("ingress").Where(i => i.Text("ip").Length > 0))
        {
            ingress.Default("ipMode", "VIP"); // traffic arrives with the balancer's address still on it
        }
    }

    private static void Port(JsonObject port)
    {
        port.Default("protocol", "TCP");
        if (port["targetPort"] is not { } target || NodeReader.AsInt(target) == 0 || NodeReader.AsText(target) == "")
        {
            port["targetPort"] = port["port"]?.DeepClone();
        }
    }

    private static void Policies(JsonObject spec, string type)
    {
        if (type is "NodePort" or "LoadBalancer")
        {
            spec.Default("externalTrafficPolicy", "Cluster");
        }

        if (type is "ClusterIP" or "NodePort" or "LoadBalancer")
        {
            spec.Default("internalTrafficPolicy", "Cluster");
        }

        if (type == "LoadBalancer")
        {
            spec.Default("allocateLoadBalancerNodePorts", true);
        }
    }
}
