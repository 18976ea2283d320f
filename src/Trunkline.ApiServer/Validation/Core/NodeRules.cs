using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Pods;

namespace Trunkline.ApiServer.Validation.Core;

/// <summary>Nodes (core/validation, ValidateNode).</summary>
internal static class NodeRules
{
    // A node that does not say what it can give away can give all it has.
    public static void Defaults(JsonObject node)
    {
        if (node.Obj("status").Obj("capacity") is { Count: > 0 } capacity && !node.Obj("status").Has("allocatable"))
        {
            node.Obj("status")!["allocatable"] = capacity.DeepClone();
        }
    }

    /// <summary>A new Node may bring its status along; later the status is written by itself.</summary>
    public static void KeepStatus(JsonObject node, JsonObject old)
    {
        node.Remove("status");
        if (old["status"] is { } status)
        {
            node["status"] = status.DeepClone();
        }
    }

    public static void Validate(FieldErrors errors, JsonObject node)
    {
        var spec = node.Obj("spec");
        errors.Taints("spec.taints", spec.Objects("taints"));
        var cidrs = spec.Texts("podCIDRs").ToList();
        for (var i = 0; i < cidrs.Count; i++)
        {
            if (AddressRules.ParseBlock(cidrs[i]) is null)
            {
                errors.Invalid($"spec.podCIDRs[{i}]", cidrs[i], "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            }
        }

        var v6 = cidrs.Count(c => c.Contains(':', StringComparison.Ordinal));
        if (cidrs.Count > 2 || (cidrs.Count == 2 && v6 != 1))
        {
            errors.Invalid("spec.podCIDRs", Go.Slice("string", cidrs), "may specify no more than one CIDR for each IP family");
        }
    }

    public static void ValidateChange(FieldErrors errors, JsonObject node, JsonObject old)
    {
        var (now, before) = (node.Obj("spec"), old.Obj("spec"));
        var cidrs = before.Texts("podCIDRs").ToList();
        if (cidrs.Count > 0 && !cidrs.SequenceEqual(now.Texts("podCIDRs"), StringComparer.Ordinal))
        {
            errors.Forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
        }

        if (before.Text("providerID").Length > 0 && before.Text("providerID") != now.Text("providerID"))
        {
            errors.Forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
        }
    }
}
