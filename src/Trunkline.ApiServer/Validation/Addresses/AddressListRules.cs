using System.Net;
using System.Net.Sockets;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Addresses;

/// <summary>Lists that may hold one address of each family (core/validation, validatePodIPs and validateHostIPs).</summary>
internal static class AddressListRules
{
    public static void OneOfEachFamily(this FieldErrors errors, string path, IReadOnlyList<string> ips, Go.Literal shown)
    {
        var parsed = new List<IPAddress>();
        for (var i = 0; i < ips.Count; i++)
        {
            errors.Invalid($"{path}[{i}]", ips[i], AddressRules.Ip(ips[i]));
            if (AddressRules.Parse(ips[i]) is { } address)
            {
                parsed.Add(address);
            }
        }

        if (ips.Count < 2 || parsed.Count < ips.Count)
        {
            return;
        }

        if (ips.Count > 2 || parsed.Count(a => a.AddressFamily == AddressFamily.InterNetworkV6) != 1)
        {
            errors.Invalid(path, shown, "may specify no more than one IP for each IP family");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ips.Count; i++)
        {
            if (!seen.Add(ips[i]))
            {
                errors.Duplicate($"{path}[{i}]", ips[i]);
            }
        }
    }
}
