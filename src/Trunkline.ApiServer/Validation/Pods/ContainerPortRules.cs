using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;
using Trunkline.ApiServer.Validation.Services;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>The ports that containers declare.</summary>
internal static class ContainerPortRules
{
    public static void ContainerPorts(this FieldErrors errors, string path, IEnumerable<JsonObject> ports)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var i = 0;
        foreach (var port in ports)
        {
            Port(errors, $"{path}[{i++}]", port, names);
        }
    }

    /// <summary>No two containers of a Pod may have one port of the node, and on the node's own network a port is the node's.</summary>
    public static void HostPorts(this FieldErrors errors, string path, IReadOnlyList<JsonObject> containers, bool hostNetwork, int first = 0)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < containers.Count; i++)
        {
            var j = 0;
            foreach (var port in containers[i].Objects("ports"))
            {
                var at = $"{path}[{first + i}].ports[{j++}]";
                var (host, number) = (port.Int("hostPort") ?? 0, port.Int("containerPort") ?? 0);
                var key = $"{port.Text("protocol")}/{port.Text("hostIP")}/{host}";
                if (host != 0 && !taken.Add(key))
                {
                    errors.Duplicate(at + ".hostPort", key);
                }

                if (hostNetwork && host != number)
                {
                    errors.Invalid(at + ".containerPort", number, "must match `hostPort` when `hostNetwork` is true");
                }
            }
        }
    }

    private static void Port(FieldErrors errors, string path, JsonObject port, HashSet<string> names)
    {
        var name = port.Text("name");
        if (name.Length > 0)
        {
            var complaints = PortRules.Name(name).ToList();
            errors.Invalid(path + ".name", name, complaints);
            if (complaints.Count == 0 && !names.Add(name))
            {
                errors.Duplicate(path + ".name", name);
            }
        }

        var number = port.Int("containerPort") ?? 0;
        if (number == 0)
        {
            errors.Required(path + ".containerPort");
        }
        else
        {
            errors.Invalid(path + ".containerPort", number, PortRules.Number(number));
        }

        if (port.Int("hostPort") is { } host and not 0)
        {
            errors.Invalid(path + ".hostPort", host, PortRules.Number(host));
        }

        ServicePortRules.Protocol(errors, path + ".protocol", port.Text("protocol"));
    }
}
