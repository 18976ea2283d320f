using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Services;

/// <summary>clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy, which have to agree (ValidateServiceClusterIPsRelatedFields).</summary>
internal static class ClusterIpRules
{
    private static readonly string[] Families = ["IPv4", "IPv6"];
    private static readonly string[] Policies = ["SingleStack", "PreferDualStack", "RequireDualStack"];

    public static void ClusterIps(this FieldErrors errors, JsonObject? spec)
    {
        if (spec.Text("type") == "ExternalName")
        {
            return;
        }

        var ips = spec.Texts("clusterIPs").ToList();
        var families = spec.Texts("ipFamilies").ToList();
        var good = Agree(errors, spec.Text("clusterIP"), ips);
        Standalone(errors, families, spec.Str("ipFamilyPolicy"));
        if (!Addresses(errors, ips) || !good)
        {
            return;
        }

        MatchFamilies(errors, ips, families);
    }

    /// <summary>Addresses that no outsider may claim.</summary>
    public static void NotSpecial(this FieldErrors errors, string path, string text, IPAddress ip)
    {
        if (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
        {
            errors.Invalid(path, text, $"may not be unspecified ({ip})");
        }
        else if (IPAddress.IsLoopback(ip))
        {
            errors.Invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        else if (ip.IsIPv6LinkLocal || (ip.AddressFamily == AddressFamily.InterNetwork && ip.GetAddressBytes() is [169, 254, ..]))
        {
            errors.Invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        else if (ip.IsIPv6Multicast || (ip.AddressFamily == AddressFamily.InterNetwork && ip.GetAddressBytes() is [224, 0, 0, _]))
        {
            errors.Invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }

    private static bool Agree(FieldErrors errors, string ip, List<string> ips)
    {
        if (ip.Length > 0 && ips.Count == 0)
        {
            errors.Required("spec.clusterIPs");
            return false;
        }

        if (ips.Count > 0 && ips[0] != ip)
        {
            errors.Invalid("spec.clusterIPs", Go.Slice("string", ips), ip.Length == 0 ? "must be empty when `clusterIP` is not specified" : "first value must match `clusterIP`");
            return false;
        }

        return true;
    }

    private static void Standalone(FieldErrors errors, List<string> families, string? policy)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < families.Count; i++)
        {
            if (!Families.Contains(families[i]))
            {
                errors.NotSupported($"spec.ipFamilies[{i}]", families[i], Families);
            }

            if (!seen.Add(families[i]))
            {
                errors.Duplicate($"spec.ipFamilies[{i}]", families[i]);
            }
        }

        if (policy is not null && !Policies.Contains(policy))
        {
            errors.NotSupported("spec.ipFamilyPolicy", policy, "PreferDualStack", "RequireDualStack", "SingleStack");
        }
    }

    private static bool Addresses(FieldErrors errors, List<string> ips)
    {
        var good = true;
        for (var i = 0; i < ips.Count; i++)
        {
            if (i == 0 && ips[i] == "None")
            {
                if (ips.Count > 1)
                {
                    good = false;
                    errors.Invalid("spec.clusterIPs", Go.Slice("string", ips), "'None' must be the first and only value");
                }

                continue;
            }

            var complaints = AddressRules.Ip(ips[i]).ToList();
            good &= complaints.Count == 0;
            errors.Invalid($"spec.clusterIPs[{i}]", ips[i], complaints);
        }

        if (ips.Count > 2)
        {
            errors.Invalid("spec.clusterIPs", Go.Slice("string", ips), "may only hold up to 2 values");
        }

        return good;
    }

    private static void MatchFamilies(FieldErrors errors, List<string> ips, List<string> families)
    {
        if (ips.FirstOrDefault() == "None")
        {
            return;
        }

        if (ips.Count > 1 && ips.Select(FamilyOf).Distinct().Count() == 1)
        {
            errors.Invalid("spec.clusterIPs", Go.Slice("string", ips), "may specify no more than one IP for each IP family");
        }

        for (var i = 0; i < ips.Count && i < families.Count; i++)
        {
            if (FamilyOf(ips[i]) != families[i])
            {
                errors.Invalid($"spec.clusterIPs[{i}]", ips[i], $"expected an {families[i]} value as indicated by `ipFamilies[{i}]`");
            }
        }
    }

    public static string FamilyOf(string ip) => ip.Contains(':', StringComparison.Ordinal) ? "IPv6" : "IPv4";
}
