using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Metadata;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>A Pod's spec, in a Pod or in a workload's template (core/validation, ValidatePodSpec).</summary>
internal static class PodSpecRules
{
    private static readonly string[] RestartPolicies = ["Always", "OnFailure", "Never"];
    private static readonly string[] DnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

    public static void PodSpec(this FieldErrors errors, string path, JsonObject? spec)
    {
        var volumes = errors.Volumes(path + ".volumes", spec.Objects("volumes"));
        errors.Containers(path, spec, volumes);
        OneOf(errors, path + ".restartPolicy", spec.Text("restartPolicy"), RestartPolicies);
        OneOf(errors, path + ".dnsPolicy", spec.Text("dnsPolicy"), DnsPolicies);
        errors.DnsConfig(path + ".dnsConfig", spec);
        errors.Labels(path + ".nodeSelector", spec.Map("nodeSelector"));
        errors.PodSecurity(path, spec);
        PullSecrets(errors, path, spec);
        errors.Affinity(path + ".affinity", spec.Obj("affinity"));
        Names(errors, path, spec);
        errors.Tolerations(path + ".tolerations", spec.Objects("tolerations"));
        errors.SchedulingGates(path, spec);
        HostAliases(errors, path, spec);
        PriorityAndPreemption(errors, path, spec);
        errors.TopologySpread(path + ".topologySpreadConstraints", spec.Objects("topologySpreadConstraints"));
        if (spec.Obj("os") is { } os && os.Text("name") is not ("linux" or "windows"))
        {
            errors.NotSupported(path + ".os.name", os.Text("name"), "linux", "windows");
        }

        NotAtFirst(errors, path, spec);
    }

    // What comes to a Pod only later.
    private static void NotAtFirst(FieldErrors errors, string path, JsonObject? spec)
    {
        if (spec.List("ephemeralContainers").Count > 0)
        {
            errors.Forbidden(path + ".ephemeralContainers", path == "spec" ? "cannot be set on create" : "ephemeral containers not allowed in pod template");
        }

        if (path == "spec" && spec.Text("nodeName").Length > 0 && spec.List("schedulingGates").Count > 0)
        {
            errors.Forbidden(path + ".nodeName", "cannot be set until all schedulingGates have been cleared");
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

    private static void PullSecrets(FieldErrors errors, string path, JsonObject? spec)
    {
        var i = 0;
        foreach (var secret in spec.Objects("imagePullSecrets"))
        {
            if (secret.Text("name").Length == 0)
            {
                errors.Required($"{path}.imagePullSecrets[{i}].name");
            }

            i++;
        }
    }

    private static void Names(FieldErrors errors, string path, JsonObject? spec)
    {
        Named(errors, path + ".serviceAccountName", spec.Text("serviceAccountName"), NameRules.Dns1123Subdomain);
        Named(errors, path + ".nodeName", spec.Text("nodeName"), NameRules.Dns1123Subdomain);
        if (spec.Int("activeDeadlineSeconds") is < 1 or > int.MaxValue)
        {
            errors.Invalid(path + ".activeDeadlineSeconds", spec.Int("activeDeadlineSeconds"), $"must be between 1 and {int.MaxValue}, inclusive");
        }

        Named(errors, path + ".hostname", spec.Text("hostname"), NameRules.Dns1123Label);
        Named(errors, path + ".subdomain", spec.Text("subdomain"), NameRules.Dns1123Label);
    }

    private static void Named(FieldErrors errors, string path, string name, Func<string, IEnumerable<string>> rule)
    {
        if (name.Length > 0)
        {
            errors.Invalid(path, name, rule(name));
        }
    }

    private static void HostAliases(FieldErrors errors, string path, JsonObject? spec)
    {
        var i = 0;
        foreach (var alias in spec.Objects("hostAliases"))
        {
            var ip = alias.Text("ip");
            errors.Invalid($"{path}.hostAliases[{i}].ip", ip, Addresses.AddressRules.Ip(ip));
            foreach (var name in alias.Texts("hostnames"))
            {
                errors.Invalid($"{path}.hostAliases[{i}].hostnames", name, NameRules.Dns1123Subdomain(name));
            }

            i++;
        }
    }

    private static void PriorityAndPreemption(FieldErrors errors, string path, JsonObject? spec)
    {
        Named(errors, path + ".priorityClassName", spec.Text("priorityClassName"), NameRules.Dns1123Subdomain);
        if (spec.Str("preemptionPolicy") is { Length: > 0 } policy and not ("PreemptLowerPriority" or "Never"))
        {
            errors.NotSupported(path + ".preemptionPolicy", policy, "PreemptLowerPriority", "Never");
        }
    }
}
