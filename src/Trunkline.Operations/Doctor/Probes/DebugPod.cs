using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.Facts;

namespace Trunkline.Operations.Doctor.Probes;

/// <summary>A Pod of a probe's own on a node: it sees the node's network and the folders of modprobe, to read. It is taken away whatever happens, and ends by itself if nobody can.</summary>
internal sealed class DebugPod(ClusterApi api, PodReader reader, TimeProvider time)
{
    public const string Label = "trunkline.io/doctor";

    private const int LivesAtMost = 120;
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_clean = TimeSpan.FromSeconds(10);

    /// <summary>What it saw, or why it could not be made.</summary>
    public async Task<(ProbeOutput? Output, string Why)> LookAsync(string node, string image, CancellationToken cancel)
    {
        var path = ResourcePath.Pod(api.Namespace, $"trunkline-doctor-{Guid.NewGuid().ToString("N")[..10]}");
        try
        {
            var made = await api.CreateAsync(path, Manifest(path.Name, node, image), FieldValidation.Strict, cancel);
            if (!made.Succeeded)
            {
                return (null, (int)made.StatusCode == 403 ? $"the right to create pods in namespace {api.Namespace} is missing, or its security admission refuses hostNetwork ({made.Message})" : made.Message);
            }

            if (await StartedAsync(path, cancel) is { } why)
            {
                return (null, why);
            }

            var (output, forbidden) = await reader.ReadAsync(api.Namespace, path.Name, null, cancel);
            return (output, forbidden is null ? "its shell did not answer" : $"the right to create pods/exec in namespace {api.Namespace} is missing");
        }
        finally
        {
            using var limit = new CancellationTokenSource(s_clean, time);
            await api.DeleteAsync($"{path.Path}?gracePeriodSeconds=0", limit.Token);
        }
    }

    private async Task<string?> StartedAsync(ResourcePath path, CancellationToken cancel)
    {
        var until = time.GetUtcNow() + s_start;
        var last = "it was not started";
        while (time.GetUtcNow() < until)
        {
            var pod = (await api.GetAsync(path.Path, cancel)).Body["status"];
            if (pod.Field("containerStatuses").Objects().FirstOrDefault()?["state"].Field("running") is not null)
            {
                return null;
            }

            var waiting = pod.Field("containerStatuses").Objects().FirstOrDefault()?["state"].Field("waiting");
            last = waiting.Field("message").AsText() ?? waiting.Field("reason").AsText() ?? last;
            if (waiting.Field("reason").AsText() is "CreateContainerConfigError" or "ErrImagePull" or "ImagePullBackOff" or "InvalidImageName" || pod.Field("phase").AsText() == "Failed")
            {
                return last;
            }

            await Task.Delay(s_tick, time, cancel);
        }

        return $"it did not start within {s_start.TotalSeconds} s ({last})";
    }

    private static JsonObject Manifest(string name, string node, string image) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [Label] = "probe" } },
        ["spec"] = new JsonObject
        {
            ["nodeName"] = node,
            ["hostNetwork"] = true,
            ["restartPolicy"] = "Never",
            ["activeDeadlineSeconds"] = LivesAtMost,
            ["terminationGracePeriodSeconds"] = 0,
            ["automountServiceAccountToken"] = false,
            ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" }),
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "look",
                ["image"] = image,
                ["imagePullPolicy"] = "IfNotPresent",
                ["command"] = new JsonArray("sh", "-c", $"sleep {LivesAtMost}"),
                ["volumeMounts"] = new JsonArray(Mount("modprobe", "/host/etc/modprobe.d"), Mount("modules-load", "/host/etc/modules-load.d")),
            }),
            ["volumes"] = new JsonArray(Volume("modprobe", "/etc/modprobe.d"), Volume("modules-load", "/etc/modules-load.d")),
        },
    };

    private static JsonObject Mount(string name, string path) => new() { ["name"] = name, ["mountPath"] = path, ["readOnly"] = true };

    private static JsonObject Volume(string name, string path) => new() { ["name"] = name, ["hostPath"] = new JsonObject { ["path"] = path } };
}
