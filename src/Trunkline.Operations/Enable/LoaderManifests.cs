using System.Text.Json.Nodes;
using Trunkline.Operations.Platforms;

namespace Trunkline.Operations.Enable;

/// <summary>The objects of the DaemonSet that loads the module on clusters without a Machine Config Operator. Pure.</summary>
internal static class LoaderManifests
{
    public const string Namespace = "trunkline-sctp";
    public const string Name = "sctp-module";

    public static IReadOnlyList<JsonObject> All(ClusterPlatform platform, string image, JsonArray nodeSelectorTerms, bool off)
    {
        var all = new List<JsonObject> { NamespaceObject(), ServiceAccount() };
        if (platform.Kind == PlatformKind.MicroShift)
        {
            all.Add(PrivilegedBinding()); // OpenShift's API refuses privileged Pods without it
        }

        all.Add(DaemonSet(image, nodeSelectorTerms, off));
        return all;
    }

    /// <summary>The namespace of all that Trunkline starts on nodes; its Pod security level admits privileged Pods.</summary>
    public static JsonObject NamespaceObject() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject
        {
            ["name"] = Namespace,
            ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "trunkline", ["pod-security.kubernetes.io/enforce"] = "privileged", ["pod-security.kubernetes.io/warn"] = "privileged" },
        },
    };

    private static JsonObject ServiceAccount() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ServiceAccount",
        ["metadata"] = Metadata(),
        ["automountServiceAccountToken"] = false,
    };

    private static JsonObject PrivilegedBinding() => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "RoleBinding",
        ["metadata"] = Metadata(),
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = "system:openshift:scc:privileged" },
        ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = Name, ["namespace"] = Namespace }),
    };

    private static JsonObject DaemonSet(string image, JsonArray terms, bool off) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "DaemonSet",
        ["metadata"] = Metadata(),
        ["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app.kubernetes.io/name"] = Name } },
            ["updateStrategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = "100%" } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app.kubernetes.io/name"] = Name, ["app.kubernetes.io/managed-by"] = "trunkline" } },
                ["spec"] = new JsonObject
                {
                    ["serviceAccountName"] = Name,
                    ["automountServiceAccountToken"] = false,
                    ["terminationGracePeriodSeconds"] = 1,
                    ["priorityClassName"] = "system-node-critical",
                    ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" }),
                    ["affinity"] = new JsonObject { ["nodeAffinity"] = new JsonObject { ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject { ["nodeSelectorTerms"] = terms } } },
                    ["containers"] = new JsonArray(Container(image, off)),
                    ["volumes"] = new JsonArray(new JsonObject { ["name"] = "host", ["hostPath"] = new JsonObject { ["path"] = "/" } }),
                },
            },
        },
    };

    // It stays, and looks again each minute: nodes that come later, or come back, are done by the same Pod. Ready says what the kernel says.
    private static JsonObject Container(string image, bool off) => new()
    {
        ["name"] = Name,
        ["image"] = image,
        ["imagePullPolicy"] = "IfNotPresent",
        ["command"] = new JsonArray("sh", "-c", "trap 'exit 0' TERM; while :; do chroot /host /bin/sh -c \"$SCRIPT\"; sleep 60 & wait $!; done"),
        ["env"] = new JsonArray(new JsonObject { ["name"] = "SCRIPT", ["value"] = off ? NodeScript.Off : NodeScript.On }),
        ["readinessProbe"] = new JsonObject
        {
            ["exec"] = new JsonObject { ["command"] = new JsonArray("sh", "-c", off ? "! grep -q '^SCTP ' /proc/net/protocols" : "grep -q '^SCTP ' /proc/net/protocols") },
            ["periodSeconds"] = 2,
        },
        ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "1m", ["memory"] = "8Mi" } },
        ["securityContext"] = new JsonObject { ["privileged"] = true, ["runAsUser"] = 0 },
        ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "host", ["mountPath"] = "/host" }),
    };

    private static JsonObject Metadata() => new()
    {
        ["name"] = Name,
        ["namespace"] = Namespace,
        ["labels"] = new JsonObject { ["app.kubernetes.io/name"] = Name, ["app.kubernetes.io/managed-by"] = "trunkline" },
    };
}
