using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Services;

/// <summary>What of a Service may not change once set (validateUpgradeDowngradeClusterIPs and its like).</summary>
internal static class ServiceUpdateRules
{
    public static void Validate(FieldErrors errors, JsonObject service, JsonObject old)
    {
        var (spec, before) = (service.Obj("spec"), old.Obj("spec"));
        if (spec.Text("type") == "ExternalName" || before.Text("type") == "ExternalName")
        {
            return;
        }

        Primary(errors, spec, before, "clusterIPs", "string");
        Primary(errors, spec, before, "ipFamilies", "core.IPFamily");
        if (spec.Text("type") == "LoadBalancer" && before.Text("type") == "LoadBalancer" && spec.Str("loadBalancerClass") != before.Str("loadBalancerClass"))
        {
            errors.Invalid("spec.loadBalancerClass", spec.Str("loadBalancerClass"), "may not change once set");
        }
    }

    private static void Primary(FieldErrors errors, JsonObject? spec, JsonObject? old, string field, string type)
    {
        var (now, before) = (spec.Texts(field).ToList(), old.Texts(field).ToList());
        if (before.Count > 0 && now.Count > 0 && now[0] != before[0])
        {
            errors.Invalid($"spec.{field}[0]", Go.Slice(type, now), "may not change once set");
        }
    }
}
