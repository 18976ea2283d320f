using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;
using Trunkline.ApiServer.Validation.Services;

namespace Trunkline.ApiServer.Validation.Networking;

/// <summary>Endpoints (core/validation, ValidateEndpoints).</summary>
internal static class EndpointsRules
{
    public static void Defaults(JsonObject endpoints)
    {
        foreach (var port in endpoints.Objects("subsets").SelectMany(s => s.Objects("ports")))
        {
            port.Default("protocol", "TCP");
        }
    }

    public static void Validate(FieldErrors errors, JsonObject endpoints)
    {
        var i = 0;
        foreach (var subset in endpoints.Objects("subsets"))
        {
            Subset(errors, $"subsets[{i++}]", subset);
        }
    }

    private static void Subset(FieldErrors errors, string path, JsonObject subset)
    {
        if (subset.List("addresses").Count == 0 && subset.List("notReadyAddresses").Count == 0)
        {
            errors.Required(path, "must specify `addresses` or `notReadyAddresses`");
        }

        foreach (var list in (string[])["addresses", "notReadyAddresses"])
        {
            var i = 0;
            foreach (var address in subset.Objects(list))
            {
                Address(errors, $"{path}.{list}[{i++}]", address);
            }
        }

        var ports = subset.Objects("ports").ToList();
        for (var i = 0; i < ports.Count; i++)
        {
            Port(errors, $"{path}.ports[{i}]", ports[i], ports.Count > 1);
        }
    }

    private static void Address(FieldErrors errors, string path, JsonObject address)
    {
        var ip = address.Text("ip");
        if (AddressRules.Parse(ip) is { } parsed)
        {
            errors.NotSpecial(path + ".ip", ip, parsed);
        }
        else
        {
            errors.Invalid(path + ".ip", ip, AddressRules.Ip(ip));
        }

        if (address.Text("hostname") is { Length: > 0 } host)
        {
            errors.Invalid(path + ".hostname", host, NameRules.Dns1123Label(host));
        }
    }

    private static void Port(FieldErrors errors, string path, JsonObject port, bool nameRequired)
    {
        var name = port.Text("name");
        if (name.Length > 0)
        {
            errors.Invalid(path + ".name", name, NameRules.Dns1123Label(name));
        }
        else if (nameRequired)
        {
            errors.Required(path + ".name");
        }

        errors.Invalid(path + ".port", port.Int("port") ?? 0, PortRules.Number(port.Int("port") ?? 0));
        ServicePortRules.Protocol(errors, path + ".protocol", port.Text("protocol"));
    }
}
