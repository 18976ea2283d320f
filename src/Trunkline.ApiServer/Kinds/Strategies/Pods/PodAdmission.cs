using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Kinds.Strategies.Pods;

/// <summary>What the server's admission adds to a new Pod: priority, tolerations of a lost node, and the service account's token volume.</summary>
internal static class PodAdmission
{
    private const int TolerationSeconds = 300;
    private const string TokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static readonly string[] NodeTroubles = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    public static void Apply(JsonObject pod, JsonObject? serviceAccount, Func<string> suffix)
    {
        var spec = pod.Child("spec");
        spec.Default("priority", 0);
        spec.Default("preemptionPolicy", "PreemptLowerPriority");
        spec.Default("serviceAccountName", "default");
        spec["serviceAccount"] = spec["serviceAccountName"]!.DeepClone();
        Tolerations(spec);
        if (spec.List("imagePullSecrets").Count == 0 && serviceAccount.List("imagePullSecrets") is { Count: > 0 } secrets)
        {
            spec["imagePullSecrets"] = secrets.DeepClone();
        }

        var mount = spec.Flag("automountServiceAccountToken") ?? serviceAccount.Flag("automountServiceAccountToken") ?? true;
        var annotations = pod.Obj("metadata").Obj("annotations");
        if (mount && annotations.Str("kubernetes.io/config.mirror") is null)
        {
            MountToken(spec, suffix);
        }
    }

    private static void Tolerations(JsonObject spec)
    {
        var existing = spec.Objects("tolerations").ToList();
        foreach (var trouble in NodeTroubles)
        {
            var tolerated = existing.Any(t => (t.Text("key") == trouble || t.Text("key").Length == 0) && t.Text("effect") is "NoExecute" or "");
            if (!tolerated)
            {
                spec["tolerations"] ??= new JsonArray();
                spec.List("tolerations").Add(new JsonObject
                {
                    ["key"] = trouble,
                    ["operator"] = "Exists",
                    ["effect"] = "NoExecute",
                    ["tolerationSeconds"] = TolerationSeconds,
                });
            }
        }
    }

    private static void MountToken(JsonObject spec, Func<string> suffix)
    {
        var lacking = spec.Objects("initContainers").Concat(spec.Objects("containers"))
            .Where(c => !c.Objects("volumeMounts").Any(m => m.Text("mountPath") == TokenPath)).ToList();
        var volume = spec.Objects("volumes").Select(v => v.Text("name")).FirstOrDefault(n => n.StartsWith("kube-api-access-", StringComparison.Ordinal));
        if (lacking.Count == 0)
        {
            return;
        }

        if (volume is null)
        {
            volume = "kube-api-access-" + suffix();
            spec["volumes"] ??= new JsonArray();
            spec.List("volumes").Add(TokenVolume(volume));
        }

        foreach (var container in lacking)
        {
            container["volumeMounts"] ??= new JsonArray();
            container.List("volumeMounts").Add(new JsonObject { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = TokenPath });
        }
    }

    // A token somewhat longer than an hour: the client renews it before an hour is over, so a second's skew does no harm.
    private static JsonObject TokenVolume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["sources"] = new JsonArray(
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = 3607, ["path"] = "token" } },
                ConfigMap("kube-root-ca.crt", "ca.crt"),
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject
                        {
                            ["path"] = "namespace",
                            ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                        }),
                    },
                },
                ConfigMap("openshift-service-ca.crt", "service-ca.crt")),
            ["defaultMode"] = 420,
        },
    };

    private static JsonObject ConfigMap(string name, string key) => new()
    {
        ["configMap"] = new JsonObject { ["name"] = name, ["items"] = new JsonArray(new JsonObject { ["key"] = key, ["path"] = key }) },
    };
}
