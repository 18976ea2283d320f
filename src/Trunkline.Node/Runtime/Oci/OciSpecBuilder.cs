using System.Text.Json.Nodes;
using k8s.Models;
using Trunkline.Node.Pods.Admission;

namespace Trunkline.Node.Runtime.Oci;

/// <summary>Writes a bundle's config.json from a plan. Pure: no file is looked at.</summary>
internal static class OciSpecBuilder
{
    public static JsonObject Build(ContainerPlan plan, long nodeMemory)
    {
        return new JsonObject
        {
            ["ociVersion"] = "1.0.2",
            ["process"] = Process(plan.Pod, plan.Container, plan.Arguments, plan.Environment, plan.Container.Tty == true,
                Math.Max(plan.LowestOomScoreAdjustment, OciResources.OomScoreAdjustment(plan.Pod, plan.Container, nodeMemory))),
            ["root"] = new JsonObject
            {
                ["path"] = plan.Root,
                ["readonly"] = plan.Container.SecurityContext?.ReadOnlyRootFilesystem == true,
            },
            ["mounts"] = new JsonArray([.. OciMounts.Kernel().Concat(plan.Mounts).Select(mount => mount.ToJson())]),
            ["annotations"] = new JsonObject
            {
                ["io.kubernetes.pod.namespace"] = plan.Pod.Metadata.NamespaceProperty,
                ["io.kubernetes.pod.name"] = plan.Pod.Metadata.Name,
                ["io.kubernetes.pod.uid"] = plan.Pod.Metadata.Uid,
                ["io.kubernetes.container.name"] = plan.Container.Name,
            },
            ["linux"] = Linux(plan),
        };
    }

    /// <summary>A process of a container: its first, or one that `exec` adds (the same file format).</summary>
    public static JsonObject Process(V1Pod pod, V1Container container, IReadOnlyList<string> arguments,
        IReadOnlyList<KeyValuePair<string, string>> environment, bool terminal, int? oomScoreAdjustment)
    {
        var capabilities = Capabilities.For(container.SecurityContext);
        var process = new JsonObject
        {
            ["terminal"] = terminal,
            ["user"] = OciUser.Build(pod, container),
            ["args"] = Strings(arguments),
            ["env"] = Strings(Merge(environment, terminal)),
            ["cwd"] = string.IsNullOrEmpty(container.WorkingDir) ? "/" : container.WorkingDir,
            ["capabilities"] = new JsonObject
            {
                ["bounding"] = Strings(capabilities),
                ["effective"] = Strings(capabilities),
                ["permitted"] = Strings(capabilities),
            },
            ["noNewPrivileges"] = container.SecurityContext?.AllowPrivilegeEscalation == false,
        };
        if (oomScoreAdjustment is { } score)
        {
            process["oomScoreAdj"] = score;
        }

        return process;
    }

    private static JsonObject Linux(ContainerPlan plan)
    {
        var linux = new JsonObject
        {
            ["cgroupsPath"] = plan.CgroupPath,
            ["namespaces"] = Namespaces(plan),
            ["resources"] = OciResources.Build(plan.Container.Resources),
            ["maskedPaths"] = Strings(OciMounts.MaskedPaths),
            ["readonlyPaths"] = Strings(OciMounts.ReadOnlyPaths),
            ["seccomp"] = SeccompProfile.Build(),
        };
        if (SafeSysctls.Of(plan.Pod.Spec) is { Count: > 0 } sysctls)
        {
            linux["sysctl"] = new JsonObject(sysctls.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        return linux;
    }

    private static JsonArray Namespaces(ContainerPlan plan)
    {
        var namespaces = new JsonArray { Namespace("pid", null), Namespace("mount", null), Namespace("ipc", plan.IpcNamespace) };
        if (plan.NetworkNamespace is not null)
        {
            namespaces.Add((JsonNode)Namespace("network", plan.NetworkNamespace));
        }

        if (plan.UtsNamespace is not null)
        {
            namespaces.Add((JsonNode)Namespace("uts", plan.UtsNamespace));
        }

        return namespaces;
    }

    private static JsonObject Namespace(string type, string? path)
    {
        var result = new JsonObject { ["type"] = type };
        if (path is not null)
        {
            result["path"] = path;
        }

        return result;
    }

    // A later value of the same name wins, and stands where the first one stood.
    private static List<string> Merge(IReadOnlyList<KeyValuePair<string, string>> environment, bool terminal)
    {
        var order = new List<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in terminal ? environment.Prepend(new("TERM", "xterm")) : environment)
        {
            if (!values.ContainsKey(name))
            {
                order.Add(name);
            }

            values[name] = value;
        }

        return [.. order.Select(name => $"{name}={values[name]}")];
    }

    private static JsonArray Strings(IEnumerable<string> strings) => new([.. strings.Select(text => (JsonNode)text)]);
}
