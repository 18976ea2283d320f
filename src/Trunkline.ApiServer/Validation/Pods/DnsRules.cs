using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>A Pod's own resolver settings (core/validation, validatePodDNSConfig).</summary>
internal static class DnsRules
{
    private const int MostNameservers = 3;
    private const int MostSearches = 32;

    public static void DnsConfig(this FieldErrors errors, string path, JsonObject? spec)
    {
        var config = spec.Obj("dnsConfig");
        var servers = config.Texts("nameservers").ToList();
        if (spec.Text("dnsPolicy") == "None" && servers.Count == 0)
        {
            errors.Required(config is null ? path : path + ".nameservers", config is null
                ? "must provide `dnsConfig` when `dnsPolicy` is None"
                : "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }

        if (servers.Count > MostNameservers)
        {
            errors.Invalid(path + ".nameservers", Go.Slice("string", servers), $"must not have more than {MostNameservers} nameservers");
        }

        for (var i = 0; i < servers.Count; i++)
        {
            errors.Invalid($"{path}.nameservers[{i}]", servers[i], AddressRules.Ip(servers[i]));
        }

        var searches = config.Texts("searches").ToList();
        if (searches.Count > MostSearches)
        {
            errors.Invalid(path + ".searches", Go.Slice("string", searches), $"must not have more than {MostSearches} search paths");
        }

        for (var i = 0; i < searches.Count; i++)
        {
            errors.Invalid($"{path}.searches[{i}]", searches[i], NameRules.Dns1123Subdomain(searches[i].TrimEnd('.')));
        }

        var option = 0;
        foreach (var item in config.Objects("options"))
        {
            if (item.Text("name").Length == 0)
            {
                errors.Required($"{path}.options[{option}]", "must not be empty");
            }

            option++;
        }
    }
}
