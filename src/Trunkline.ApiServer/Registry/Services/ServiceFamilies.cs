using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Services;

namespace Trunkline.ApiServer.Registry.Services;

/// <summary>
/// ipFamilyPolicy and ipFamilies of a Service, from what its author said and which families the cluster has (service/storage/alloc.go, initIPFamilyFields). Pure.
/// </summary>
internal static class ServiceFamilies
{
    private const string Single = "SingleStack";
    private const string Require = "RequireDualStack";
    private const string Prefer = "PreferDualStack";

    /// <param name="errors">Where complaints go; with any, the spec is not settled.</param>
    /// <param name="spec">The Service's spec; changed in place.</param>
    /// <param name="old">The stored one's, or null on create.</param>
    /// <param name="offered">The cluster's families, the default first.</param>
    public static void Settle(FieldErrors errors, JsonObject spec, JsonObject? old, IReadOnlyList<string> offered)
    {
        if (spec.Text("type") == "ExternalName" || PrefersAsBefore(spec, old))
        {
            return;
        }

        ChoosePolicy(spec, old);
        errors.ClusterIps(spec);
        if (errors.Any)
        {
            return;
        }

        if (old is not null)
        {
            Release(errors, spec, old);
        }

        CheckSingle(errors, spec);
        Infer(errors, spec, offered);
        if (errors.Any || SettleByHand(spec, offered))
        {
            return;
        }

        CheckOffered(errors, spec, offered);
        if (!errors.Any)
        {
            Complete(spec, offered);
        }
    }

    /// <summary>A Service that merely prefers two families gets or loses one only on demand, not because the cluster has changed.</summary>
    public static bool PrefersAsBefore(JsonObject spec, JsonObject? old) =>
        old is not null && spec.Text("type") == old.Text("type") && spec.Str("ipFamilyPolicy") == Prefer && old.Str("ipFamilyPolicy") is Prefer or null
        && Same(spec, old, "clusterIPs") && Same(spec, old, "ipFamilies");

    public static bool Same(JsonObject spec, JsonObject? old, string list) => spec.Texts(list).SequenceEqual(old.Texts(list), StringComparer.Ordinal);

    private static bool IsManual(JsonObject spec) => spec.Text("clusterIP") == "None" && spec.Obj("selector") is not { Count: > 0 };

    // No static default: a Service goes from one stack to two, or back, only by an explicit word.
    private static void ChoosePolicy(JsonObject spec, JsonObject? old)
    {
        if (!spec.Has("ipFamilyPolicy"))
        {
            spec["ipFamilyPolicy"] = old.Str("ipFamilyPolicy") ?? (IsManual(spec) ? Require : Single);
        }
    }

    // SingleStack with both lists as they were is clear enough: the first of each may not change, so the second goes.
    private static void Release(FieldErrors errors, JsonObject spec, JsonObject old)
    {
        var policy = spec.Str("ipFamilyPolicy");
        if (policy == Single)
        {
            Shorten(spec, old, "clusterIPs");
            Shorten(spec, old, "ipFamilies");
            return;
        }

        if (IsReduced(spec, old, "clusterIPs"))
        {
            errors.Invalid("spec.ipFamilyPolicy", policy, "must be 'SingleStack' to release the secondary cluster IP");
        }

        if (IsReduced(spec, old, "ipFamilies"))
        {
            errors.Invalid("spec.ipFamilyPolicy", policy, "must be 'SingleStack' to release the secondary IP family");
        }
    }

    private static void Shorten(JsonObject spec, JsonObject old, string list)
    {
        if (Same(spec, old, list) && spec.List(list).Count > 1)
        {
            spec[list] = new JsonArray(spec.Texts(list).First());
        }
    }

    private static bool IsReduced(JsonObject spec, JsonObject old, string list) => spec.List(list).Count > 0 && spec.List(list).Count < old.List(list).Count;

    private static void CheckSingle(FieldErrors errors, JsonObject spec)
    {
        if (spec.Str("ipFamilyPolicy") != Single)
        {
            return;
        }

        if (spec.List("clusterIPs").Count == 2)
        {
            errors.Invalid("spec.ipFamilyPolicy", Single, "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified");
        }

        if (spec.List("ipFamilies").Count == 2)
        {
            errors.Invalid("spec.ipFamilyPolicy", Single, "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
        }
    }

    private static void Infer(FieldErrors errors, JsonObject spec, IReadOnlyList<string> offered)
    {
        var ips = spec.Texts("clusterIPs").ToList();
        for (var i = spec.List("ipFamilies").Count; i < ips.Count && ips[0] != "None"; i++)
        {
            var family = ClusterIpRules.FamilyOf(ips[i]);
            if (offered.Contains(family))
            {
                Append(spec, family);
            }
            else
            {
                errors.Invalid($"spec.clusterIPs[{i}]", Go.Slice("string", ips), $"{family} is not configured on this cluster");
            }
        }
    }

    // Headless and without a selector: whoever writes the endpoints may write them in any family, whether the cluster has it or not.
    private static bool SettleByHand(JsonObject spec, IReadOnlyList<string> offered)
    {
        if (!IsManual(spec))
        {
            return false;
        }

        if (spec.List("ipFamilies").Count == 0)
        {
            Append(spec, offered[0]);
        }

        if (spec.List("ipFamilies").Count < 2 && spec.Str("ipFamilyPolicy") != Single)
        {
            Append(spec, Other(spec.Texts("ipFamilies").First()));
        }

        return true;
    }

    private static void CheckOffered(FieldErrors errors, JsonObject spec, IReadOnlyList<string> offered)
    {
        if (spec.Str("ipFamilyPolicy") == Require && offered.Count < 2)
        {
            errors.Invalid("spec.ipFamilyPolicy", Require, "this cluster is not configured for dual-stack services");
        }

        var i = 0;
        foreach (var family in spec.Texts("ipFamilies"))
        {
            if (!offered.Contains(family))
            {
                errors.Invalid($"spec.ipFamilies[{i}]", family, "not configured on this cluster");
            }

            i++;
        }
    }

    private static void Complete(JsonObject spec, IReadOnlyList<string> offered)
    {
        if (spec.List("ipFamilies").Count == 0)
        {
            Append(spec, offered[0]);
        }

        if (spec.Str("ipFamilyPolicy") != Single && spec.List("ipFamilies").Count == 1 && offered.Count == 2)
        {
            Append(spec, Other(spec.Texts("ipFamilies").First()));
        }
    }

    private static string Other(string family) => family == "IPv4" ? "IPv6" : "IPv4";

    private static void Append(JsonObject spec, string family) =>
        spec["ipFamilies"] = new JsonArray([.. spec.Texts("ipFamilies").Append(family).Select(f => (JsonNode)f)]);
}
