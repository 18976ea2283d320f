using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Services;

/// <summary>
/// What of a Service may not change once set (core/validation, validateUpgradeDowngradeClusterIPs, validateUpgradeDowngradeIPFamilies and validateLoadBalancerClassField):
/// a second family may come and go, the first stays.
/// </summary>
internal static class ServiceUpdateRules
{
    private const string Fixed = "may not change once set";

    public static void Validate(FieldErrors errors, JsonObject service, JsonObject old)
    {
        var (spec, before) = (service.Obj("spec"), old.Obj("spec"));
        if (spec.Text("type") != "ExternalName" && before.Text("type") != "ExternalName")
        {
            ClusterIps(errors, spec, before);
            Families(errors, spec, before);
        }

        if (spec.Text("type") == "LoadBalancer" && before.Text("type") == "LoadBalancer" && spec.Str("loadBalancerClass") != before.Str("loadBalancerClass"))
        {
            errors.Invalid("spec.loadBalancerClass", spec.Str("loadBalancerClass"), Fixed);
        }
    }

    private static void ClusterIps(FieldErrors errors, JsonObject? spec, JsonObject? old)
    {
        var (now, before) = (spec.Texts("clusterIPs").ToList(), old.Texts("clusterIPs").ToList());
        if (IsHeadless(now) && IsHeadless(before))
        {
            return;
        }

        var shown = Go.Slice("string", now);
        if (now.Count == before.Count)
        {
            foreach (var i in Enumerable.Range(0, now.Count).Where(i => now[i] != before[i]))
            {
                errors.Invalid($"spec.clusterIPs[{i}]", shown, Fixed);
            }

            return;
        }

        if (now.Count == 0)
        {
            errors.Invalid("spec.clusterIPs[0]", shown, "primary clusterIP can not be unset");
        }
        else if (before.Count > 0 && now[0] != before[0])
        {
            errors.Invalid("spec.clusterIPs[0]", shown, Fixed);
        }

        if (now.Count == 1 && before.Count > 1 && spec.Str("ipFamilyPolicy") != "SingleStack")
        {
            errors.Invalid("spec.ipFamilyPolicy", spec.Str("ipFamilyPolicy"), "must be set to 'SingleStack' when releasing the secondary clusterIP");
        }
    }

    // Headless Services may change theirs: nobody has an address to lose.
    private static void Families(FieldErrors errors, JsonObject? spec, JsonObject? old)
    {
        var (ips, ipsBefore) = (spec.Texts("clusterIPs").ToList(), old.Texts("clusterIPs").ToList());
        if (IsHeadless(ips) || IsHeadless(ipsBefore))
        {
            return;
        }

        var (now, before) = (spec.Texts("ipFamilies").ToList(), old.Texts("ipFamilies").ToList());
        var shown = Go.Slice("core.IPFamily", now);
        if (now.Count == before.Count)
        {
            foreach (var _ in Enumerable.Range(0, now.Count).Where(i => now[i] != before[i]))
            {
                errors.Invalid("spec.ipFamilies[0]", shown, Fixed);
            }

            return;
        }

        if (now.Count < before.Count && ips.Count == 0)
        {
            errors.Invalid("spec.ipFamilies[0]", shown, "primary ipFamily can not be unset");
        }

        if (now.Count > 0 && before.Count > 0 && now[0] != before[0])
        {
            errors.Invalid("spec.ipFamilies[0]", Go.Slice("string", ips), Fixed); // the real server shows the addresses here
        }

        if (now.Count == 1 && before.Count > 1 && spec.Str("ipFamilyPolicy") != "SingleStack")
        {
            errors.Invalid("spec.ipFamilyPolicy", spec.Str("ipFamilyPolicy"), "must be set to 'SingleStack' when releasing the secondary ipFamily");
        }
    }

    private static bool IsHeadless(List<string> ips) => ips is ["None"];
}
