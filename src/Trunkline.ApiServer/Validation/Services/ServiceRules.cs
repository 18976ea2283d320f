using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Metadata;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Services;

/// <summary>Service's spec, in the order in which a real server complains (core/validation, ValidateService).</summary>
internal static class ServiceRules
{
    private const int KubeletPort = 10250;
    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    private static readonly string[] Affinities = ["ClientIP", "None"];
    private static readonly string[] TrafficPolicies = ["Cluster", "Local"];

    public static bool IsHeadless(JsonObject? spec) => spec.Text("clusterIP") == "None" || spec.Texts("clusterIPs").FirstOrDefault() == "None";

    public static void ServiceSpec(this FieldErrors errors, JsonObject? spec)
    {
        var type = spec.Text("type");
        if (spec.List("ports").Count == 0 && !IsHeadless(spec) && type != "ExternalName")
        {
            errors.Required("spec.ports");
        }

        ByType(errors, spec, type);
        errors.ServicePorts(spec);
        errors.Labels("spec.selector", spec.Map("selector"));
        Affinity(errors, spec);
        errors.ClusterIps(spec);
        ExternalIps(errors, spec);
        if (!Types.Contains(type))
        {
            errors.NotSupported("spec.type", type, Types);
        }

        errors.ServicePortConflicts(spec, type);
        LoadBalancer(errors, spec, type);
        TrafficPolicy(errors, spec, type);
        if (spec.Str("trafficDistribution") is { } distribution && distribution != "PreferClose")
        {
            errors.NotSupported("spec.trafficDistribution", distribution, "PreferClose");
        }
    }

    private static void ByType(FieldErrors errors, JsonObject? spec, string type)
    {
        if (type is "LoadBalancer" or "NodePort" && IsHeadless(spec))
        {
            errors.Invalid("spec.clusterIPs[0]", "None", $"may not be set to 'None' for {type} services");
        }

        var i = 0;
        foreach (var port in spec.Objects("ports"))
        {
            if (type == "LoadBalancer" && port.Int("port") == KubeletPort)
            {
                errors.Invalid($"spec.ports[{i}]", KubeletPort, $"may not expose port {KubeletPort} externally since it is used by kubelet");
            }

            i++;
        }

        if (type == "ExternalName")
        {
            ExternalName(errors, spec);
        }
    }

    private static void ExternalName(FieldErrors errors, JsonObject? spec)
    {
        foreach (var field in (string[])["clusterIPs", "ipFamilies", "ipFamilyPolicy"])
        {
            if (spec.List(field).Count > 0 || spec.Has(field) && field == "ipFamilyPolicy")
            {
                errors.Forbidden("spec." + field, "may not be set for ExternalName services");
            }
        }

        var name = spec.Text("externalName");
        var canonical = name.EndsWith('.') ? name[..^1] : name;
        if (canonical.Length == 0)
        {
            errors.Required("spec.externalName");
        }
        else
        {
            errors.Invalid("spec.externalName", canonical, NameRules.Dns1123Subdomain(canonical));
        }
    }

    private static void Affinity(FieldErrors errors, JsonObject? spec)
    {
        var affinity = spec.Text("sessionAffinity");
        if (affinity.Length == 0)
        {
            errors.Required("spec.sessionAffinity");
        }
        else if (!Affinities.Contains(affinity))
        {
            errors.NotSupported("spec.sessionAffinity", affinity, Affinities);
        }

        if (affinity == "None" && spec.Has("sessionAffinityConfig"))
        {
            errors.Forbidden("spec.sessionAffinityConfig", "must not be set when session affinity is None");
        }

        var seconds = spec.Obj("sessionAffinityConfig").Obj("clientIP").Int("timeoutSeconds");
        if (affinity == "ClientIP" && seconds is null)
        {
            errors.Required("spec.sessionAffinityConfig", "when session affinity type is ClientIP");
        }
        else if (affinity == "ClientIP" && seconds is <= 0 or > 86400)
        {
            errors.Invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds, "must be greater than 0 and less than 86400");
        }
    }

    private static void ExternalIps(FieldErrors errors, JsonObject? spec)
    {
        var i = 0;
        foreach (var ip in spec.Texts("externalIPs"))
        {
            var path = $"spec.externalIPs[{i++}]";
            if (AddressRules.Parse(ip) is { } address)
            {
                errors.NotSpecial(path, ip, address);
            }
            else
            {
                errors.Invalid(path, ip, AddressRules.Ip(ip));
            }
        }
    }

    private static void LoadBalancer(FieldErrors errors, JsonObject? spec, string type)
    {
        var balanced = type == "LoadBalancer";
        var ranges = spec.Texts("loadBalancerSourceRanges").ToList();
        if (ranges.Count > 0 && !balanced)
        {
            errors.Forbidden("spec.LoadBalancerSourceRanges", "may only be used when `type` is 'LoadBalancer'");
        }

        if (ranges.Any(r => AddressRules.ParseBlock(r.Trim()) is null))
        {
            errors.Invalid("spec.LoadBalancerSourceRanges", $"[{string.Join(' ', ranges)}]", "must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 ");
        }

        if (balanced && !spec.Has("allocateLoadBalancerNodePorts"))
        {
            errors.Required("spec.allocateLoadBalancerNodePorts");
        }

        if (!balanced && spec.Has("allocateLoadBalancerNodePorts"))
        {
            errors.Forbidden("spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'");
        }

        if (!balanced && spec.Has("loadBalancerClass"))
        {
            errors.Forbidden("spec.loadBalancerClass", "may only be used when `type` is 'LoadBalancer'");
        }
        else if (spec.Str("loadBalancerClass") is { } name)
        {
            errors.Invalid("spec.loadBalancerClass", name, NameRules.QualifiedName(name));
        }
    }

    private static void TrafficPolicy(FieldErrors errors, JsonObject? spec, string type)
    {
        var external = spec.Text("externalTrafficPolicy");
        if (type is "NodePort" or "LoadBalancer")
        {
            Supported(errors, "spec.externalTrafficPolicy", external);
        }
        else if (external.Length > 0)
        {
            errors.Invalid("spec.externalTrafficPolicy", external, "may only be set when `type` is 'NodePort' or 'LoadBalancer'");
        }

        HealthCheck(errors, spec, type == "LoadBalancer" && external == "Local");
        if (spec.Has("internalTrafficPolicy") || type is "ClusterIP" or "NodePort" or "LoadBalancer")
        {
            Supported(errors, "spec.internalTrafficPolicy", spec.Text("internalTrafficPolicy"));
        }
    }

    private static void HealthCheck(FieldErrors errors, JsonObject? spec, bool needed)
    {
        var port = spec.Int("healthCheckNodePort") ?? 0;
        if (!needed && port != 0)
        {
            errors.Invalid("spec.healthCheckNodePort", port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        }
        else if (port != 0)
        {
            errors.Invalid("spec.healthCheckNodePort", port, PortRules.Number(port));
        }
    }

    private static void Supported(FieldErrors errors, string path, string value)
    {
        if (value.Length == 0)
        {
            errors.Required(path);
        }
        else if (!TrafficPolicies.Contains(value))
        {
            errors.NotSupported(path, value, TrafficPolicies);
        }
    }
}
