using System.Net.Sockets;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;
using Trunkline.ApiServer.Validation.Services;

namespace Trunkline.ApiServer.Validation.Networking;

/// <summary>EndpointSlice (discovery/validation).</summary>
internal static class EndpointSliceRules
{
    private const int MostEndpoints = 1000;
    private const int MostAddresses = 100;
    private const int MostPorts = 20000;
    private static readonly string[] Types = ["FQDN", "IPv4", "IPv6"];

    public static void Defaults(JsonObject slice)
    {
        foreach (var port in slice.Objects("ports"))
        {
            port.Default("name", "");
            port.Default("protocol", "TCP");
        }
    }

    public static void Validate(FieldErrors errors, JsonObject slice)
    {
        var type = slice.Text("addressType");
        if (type.Length == 0)
        {
            errors.Required("addressType");
        }
        else if (!Types.Contains(type))
        {
            errors.NotSupported("addressType", type, Types);
        }

        var endpoints = slice.Objects("endpoints").ToList();
        if (endpoints.Count > MostEndpoints)
        {
            errors.TooMany("endpoints", endpoints.Count, MostEndpoints);
            return;
        }

        for (var i = 0; i < endpoints.Count; i++)
        {
            Endpoint(errors, $"endpoints[{i}]", endpoints[i], type);
        }

        Ports(errors, slice);
    }

    public static void ValidateChange(FieldErrors errors, JsonObject slice, JsonObject old)
    {
        if (slice.Text("addressType") != old.Text("addressType"))
        {
            errors.Invalid("addressType", slice.Text("addressType"), "field is immutable");
        }
    }

    private static void Endpoint(FieldErrors errors, string path, JsonObject endpoint, string type)
    {
        var addresses = endpoint.Texts("addresses").ToList();
        if (addresses.Count == 0)
        {
            errors.Required(path + ".addresses", "must contain at least 1 address");
        }
        else if (addresses.Count > MostAddresses)
        {
            errors.TooMany(path + ".addresses", addresses.Count, MostAddresses);
        }

        for (var i = 0; i < addresses.Count; i++)
        {
            Address(errors, $"{path}.addresses[{i}]", addresses[i], type);
        }

        if (endpoint.Str("nodeName") is { } node)
        {
            errors.Invalid(path + ".nodeName", node, NameRules.Dns1123Subdomain(node));
        }

        if (endpoint.Str("hostname") is { } host)
        {
            errors.Invalid(path + ".hostname", host, NameRules.Dns1123Label(host));
        }
    }

    private static void Address(FieldErrors errors, string path, string address, string type)
    {
        if (type == "FQDN")
        {
            errors.Invalid(path, address, NameRules.Dns1123Subdomain(address));
            return;
        }

        var family = type == "IPv6" ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        if (AddressRules.Parse(address) is { } ip && ip.AddressFamily == family)
        {
            errors.NotSpecial(path, address, ip);
        }
        else if (type is "IPv4" or "IPv6")
        {
            errors.Invalid(path, address, $"must be a valid {type} address");
        }
    }

    private static void Ports(FieldErrors errors, JsonObject slice)
    {
        var ports = slice.Objects("ports").ToList();
        if (ports.Count > MostPorts)
        {
            errors.TooMany("ports", ports.Count, MostPorts);
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ports.Count; i++)
        {
            var name = ports[i].Text("name");
            if (name.Length > 0)
            {
                errors.Invalid($"ports[{i}].name", name, NameRules.Dns1123Label(name));
            }

            if (!names.Add(name))
            {
                errors.Duplicate($"ports[{i}].name", name);
            }

            ServicePortRules.Protocol(errors, $"ports[{i}].protocol", ports[i].Text("protocol"));
            if (ports[i].Int("port") is { } port)
            {
                errors.Invalid($"ports[{i}].port", port, PortRules.Number(port));
            }

            if (ports[i].Str("appProtocol") is { } application)
            {
                errors.Invalid($"ports[{i}].appProtocol", application, NameRules.QualifiedName(application));
            }
        }
    }
}
