using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Services;

/// <summary>What a load balancer may write into a Service's status (core/validation, ValidateLoadBalancerStatus).</summary>
internal static class ServiceStatusRules
{
    private static readonly string[] Modes = ["Proxy", "VIP"];

    public static void Validate(FieldErrors errors, JsonObject service)
    {
        const string Path = "status.loadBalancer.ingress";
        var ingress = service.Obj("status").Obj("loadBalancer").Objects("ingress").ToList();
        if (service.Obj("spec").Text("type") != "LoadBalancer" && ingress.Count > 0)
        {
            errors.Forbidden(Path, "may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }

        for (var i = 0; i < ingress.Count; i++)
        {
            Ingress(errors, $"{Path}[{i}]", ingress[i]);
        }
    }

    private static void Ingress(FieldErrors errors, string path, JsonObject ingress)
    {
        var ip = ingress.Text("ip");
        if (ip.Length > 0 && AddressRules.Parse(ip) is null)
        {
            errors.Invalid(path + ".ip", ip, "must be a valid IP address");
        }

        if (ingress.Str("ipMode") is { } mode)
        {
            if (ip.Length == 0)
            {
                errors.Forbidden(path + ".ipMode", "may not be specified when `ip` is not set");
            }

            if (!Modes.Contains(mode))
            {
                errors.NotSupported(path + ".ipMode", mode, Modes);
            }
        }
        else if (ip.Length > 0)
        {
            errors.Required(path + ".ipMode", "must be specified when `ip` is set");
        }

        if (ingress.Text("hostname") is { Length: > 0 } name)
        {
            errors.Invalid(path + ".hostname", name, NameRules.Dns1123Subdomain(name));
            if (AddressRules.Parse(name) is not null)
            {
                errors.Invalid(path + ".hostname", name, "must be a DNS name, not an IP address");
            }
        }
    }
}
