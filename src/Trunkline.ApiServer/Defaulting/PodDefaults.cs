using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Defaulting;

/// <summary>core/v1 defaults.go, Pods and Pod templates.</summary>
internal static class PodDefaults
{
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];

    /// <summary>A Pod as it is created.</summary>
    public static void Apply(JsonObject pod)
    {
        var spec = pod.Child("spec");
        Spec(spec);
        spec.Default("enableServiceLinks", true);
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            RequestsFromLimits(container);
        }
    }

    /// <summary>The spec of a Pod or of a template.</summary>
    public static void Spec(JsonObject spec)
    {
        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("securityContext", new JsonObject());
        spec.Default("schedulerName", "default-scheduler");
        ServiceAccountName(spec);
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            Container(container, spec.IsTrue("hostNetwork"));
        }

        foreach (var volume in spec.Objects("volumes"))
        {
            Volume(volume);
        }
    }

    // The older name of the field is kept in step with the newer.
    private static void ServiceAccountName(JsonObject spec)
    {
        var name = spec.Str("serviceAccountName") ?? spec.Str("serviceAccount");
        if (name is { Length: > 0 })
        {
            spec["serviceAccountName"] = name;
            spec["serviceAccount"] = name;
        }
    }

    private static void Container(JsonObject container, bool hostNetwork)
    {
        container.Default("resources", new JsonObject());
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        container.Default("imagePullPolicy", IsLatest(container.Text("image")) ? "Always" : "IfNotPresent");
        foreach (var port in container.Objects("ports"))
        {
            port.Default("protocol", "TCP");
            if (hostNetwork && (port.Int("hostPort") ?? 0) == 0 && port["containerPort"] is { } number)
            {
                port["hostPort"] = number.DeepClone();
            }
        }

        foreach (var reference in container.Objects("env").Select(e => e.Obj("valueFrom").Obj("fieldRef")).OfType<JsonObject>())
        {
            reference.Default("apiVersion", "v1");
        }

        foreach (var probe in Probes.Select(p => container.Obj(p)).OfType<JsonObject>())
        {
            Probe(probe);
        }

        HttpGet(container.Obj("lifecycle").Obj("preStop").Obj("httpGet"));
        HttpGet(container.Obj("lifecycle").Obj("postStart").Obj("httpGet"));
    }

    private static void Probe(JsonObject probe)
    {
        probe.Default("timeoutSeconds", 1);
        probe.Default("periodSeconds", 10);
        probe.Default("successThreshold", 1);
        probe.Default("failureThreshold", 3);
        HttpGet(probe.Obj("httpGet"));
    }

    private static void HttpGet(JsonObject? action)
    {
        if (action is null)
        {
            return;
        }

        action.Default("path", "/");
        action.Default("scheme", "HTTP");
    }

    private static void Volume(JsonObject volume)
    {
        if (!volume.Any(p => p.Key != "name" && p.Value is not null))
        {
            volume["emptyDir"] = new JsonObject();
        }

        foreach (var source in (string[])["configMap", "secret", "projected", "downwardAPI"])
        {
            volume.Obj(source)?.Default("defaultMode", 420);
        }

        volume.Obj("hostPath")?.Default("type", "");
        foreach (var source in volume.Obj("projected").Objects("sources"))
        {
            source.Obj("serviceAccountToken")?.Default("expirationSeconds", 3600);
            FieldRefs(source.Obj("downwardAPI"));
        }

        FieldRefs(volume.Obj("downwardAPI"));
    }

    private static void FieldRefs(JsonObject? downward)
    {
        foreach (var reference in downward.Objects("items").Select(i => i.Obj("fieldRef")).OfType<JsonObject>())
        {
            reference.Default("apiVersion", "v1");
        }
    }

    private static void RequestsFromLimits(JsonObject container)
    {
        var resources = container.Child("resources");
        foreach (var (name, amount) in resources.Map("limits").ToList())
        {
            resources.Child("requests").Default(name, amount);
        }
    }

    // An image without tag or digest is "latest", and only "latest" is always pulled.
    private static bool IsLatest(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal))
        {
            return false;
        }

        var name = image[(image.LastIndexOf('/') + 1)..];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || name[(colon + 1)..] == "latest";
    }
}
