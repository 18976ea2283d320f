using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>The containers of a Pod, each by itself and then against each other.</summary>
internal static class ContainerRules
{
    private static readonly string[] PullPolicies = ["Always", "IfNotPresent", "Never"];
    private static readonly string[] MessagePolicies = ["File", "FallbackToLogsOnError"];

    public static void Containers(this FieldErrors errors, string path, JsonObject? spec, IReadOnlySet<string> volumes)
    {
        var containers = spec.Objects("containers").ToList();
        var hostNetwork = spec.IsTrue("hostNetwork");
        if (containers.Count == 0)
        {
            errors.Required(path + ".containers");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < containers.Count; i++)
        {
            Container(errors, $"{path}.containers[{i}]", containers[i], volumes, names);
            errors.Lifecycle($"{path}.containers[{i}]", containers[i]);
            if (containers[i].Has("restartPolicy"))
            {
                errors.Forbidden($"{path}.containers[{i}].restartPolicy", "may not be set for non-init containers");
            }
        }

        errors.HostPorts(path + ".containers", containers, hostNetwork);
        Init(errors, path, spec, volumes, names, hostNetwork);
    }

    private static void Init(FieldErrors errors, string path, JsonObject? spec, IReadOnlySet<string> volumes, HashSet<string> names, bool hostNetwork)
    {
        var containers = spec.Objects("initContainers").ToList();
        for (var i = 0; i < containers.Count; i++)
        {
            var at = $"{path}.initContainers[{i}]";
            Container(errors, at, containers[i], volumes, names);
            if (containers[i].Str("restartPolicy") is { Length: > 0 } policy and not "Always")
            {
                errors.NotSupported(at + ".restartPolicy", policy, "Always");
            }

            foreach (var field in (string[])["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"])
            {
                if (containers[i].Has(field) && containers[i].Text("restartPolicy") != "Always")
                {
                    errors.Forbidden($"{at}.{field}", "may not be set for init containers without restartPolicy=Always");
                }
            }

            errors.HostPorts($"{path}.initContainers", [containers[i]], hostNetwork, i);
        }
    }

    private static void Container(FieldErrors errors, string path, JsonObject container, IReadOnlySet<string> volumes, HashSet<string> names)
    {
        var name = container.Text("name");
        if (name.Length == 0)
        {
            errors.Required(path + ".name");
        }
        else
        {
            errors.Invalid(path + ".name", name, NameRules.Dns1123Label(name));
        }

        Image(errors, path, container.Text("image"));
        OneOf(errors, path + ".terminationMessagePolicy", container.Text("terminationMessagePolicy"), MessagePolicies);
        errors.ContainerPorts(path + ".ports", container.Objects("ports"));
        errors.Environment(path, container);
        errors.Mounts(path, container, volumes);
        errors.Devices(path, container, volumes);
        OneOf(errors, path + ".imagePullPolicy", container.Text("imagePullPolicy"), PullPolicies);
        errors.Resources(path + ".resources", container.Obj("resources"));
        errors.ContainerSecurity(path + ".securityContext", container.Obj("securityContext"));
        if (name.Length > 0 && !names.Add(name))
        {
            errors.Duplicate(path + ".name", name);
        }
    }

    private static void Image(FieldErrors errors, string path, string image)
    {
        if (image.Length == 0)
        {
            errors.Required(path + ".image");
        }
        else if (image.Trim().Length != image.Length)
        {
            errors.Invalid(path + ".image", image, "must not have leading or trailing whitespace");
        }
    }

    private static void OneOf(FieldErrors errors, string path, string value, string[] supported)
    {
        if (value.Length == 0)
        {
            errors.Required(path);
        }
        else if (!supported.Contains(value))
        {
            errors.NotSupported(path, value, supported);
        }
    }
}
