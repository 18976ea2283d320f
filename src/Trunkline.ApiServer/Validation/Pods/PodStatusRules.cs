using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>A Pod's addresses, which its node writes (core/validation, ValidatePodStatusUpdate).</summary>
internal static class PodStatusRules
{
    public static void PodAddresses(this FieldErrors errors, JsonObject? status)
    {
        foreach (var (list, type) in ((string, string)[])[("podIPs", "core.PodIP"), ("hostIPs", "core.HostIP")])
        {
            var ips = status.Objects(list).Select(i => i.Text("ip")).ToList();
            errors.OneOfEachFamily("status." + list, ips, new Go.Literal($"[]{type}{{{string.Join(", ", ips.Select(ip => $"{type}{{IP:{Go.Quote(ip)}}}"))}}}"));
        }
    }
}
