using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Services;

/// <summary>A Service's ports, one by one and against each other.</summary>
internal static class ServicePortRules
{
    public static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static void ServicePorts(this FieldErrors errors, JsonObject? spec)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var ports = spec.Objects("ports").ToList();
        for (var i = 0; i < ports.Count; i++)
        {
            Port(errors, $"spec.ports[{i}]", ports[i], ports.Count > 1, names);
        }
    }

    /// <summary>A port number may be used once a protocol; nodePorts only where the type has them.</summary>
    public static void ServicePortConflicts(this FieldErrors errors, JsonObject? spec, string type)
    {
        var ports = spec.Objects("ports").ToList();
        for (var i = 0; i < ports.Count && type == "ClusterIP"; i++)
        {
            if (ports[i].Int("nodePort") is not (null or 0))
            {
                errors.Forbidden($"spec.ports[{i}].nodePort", "may not be used when `type` is 'ClusterIP'");
            }
        }

        var nodePorts = new HashSet<(string, long)>();
        for (var i = 0; i < ports.Count; i++)
        {
            if (ports[i].Int("nodePort") is { } nodePort and not 0 && !nodePorts.Add((ports[i].Text("protocol"), nodePort)))
            {
                errors.Duplicate($"spec.ports[{i}].nodePort", nodePort);
            }
        }

        var numbers = new HashSet<(string, long)>();
        for (var i = 0; i < ports.Count; i++)
        {
            var (protocol, number) = (ports[i].Text("protocol"), ports[i].Int("port") ?? 0);
            if (!numbers.Add((protocol, number)))
            {
                errors.Duplicate($"spec.ports[{i}]", new Go.Literal(
                    $"core.ServicePort{{Name:\"\", Protocol:{Go.Quote(protocol)}, AppProtocol:(*string)(nil), Port:{number}, TargetPort:intstr.IntOrString{{Type:0, IntVal:0, StrVal:\"\"}}, NodePort:0}}"));
            }
        }
    }

    private static void Port(FieldErrors errors, string path, JsonObject port, bool nameRequired, HashSet<string> names)
    {
        var name = port.Text("name");
        if (name.Length > 0)
        {
            errors.Invalid(path + ".name", name, NameRules.Dns1123Label(name));
            if (!names.Add(name))
            {
                errors.Duplicate(path + ".name", name);
            }
        }
        else if (nameRequired)
        {
            errors.Required(path + ".name");
        }

        var number = port.Int("port") ?? 0;
        errors.Invalid(path + ".port", number, PortRules.Number(number));
        Protocol(errors, path + ".protocol", port.Text("protocol"));
        errors.NumberOrName(path + ".targetPort", port["targetPort"]);
        if (port.Str("appProtocol") is { } application)
        {
            errors.Invalid(path + ".appProtocol", application, NameRules.QualifiedName(application));
        }
    }

    public static void Protocol(FieldErrors errors, string path, string protocol)
    {
        if (protocol.Length == 0)
        {
            errors.Required(path);
        }
        else if (!Protocols.Contains(protocol))
        {
            errors.NotSupported(path, protocol, Protocols);
        }
    }
}
