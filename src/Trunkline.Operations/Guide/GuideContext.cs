using System.Text.Json.Nodes;
using Trunkline.Operations.Captures;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Machines;

namespace Trunkline.Operations.Guide;

/// <summary>What a step works with: the cluster, its machines, and a place to say what it saw.</summary>
internal sealed class GuideContext(ClusterApi api, IMachines machines, GuideOptions options, TimeProvider time, Action<string> say)
{
    public const string DemoNamespace = "sctp-demo";
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(25);

    public ClusterApi Api => api;

    public IMachines Machines => machines;

    public void Say(string evidence) => say(evidence);

    /// <summary>Fails the step unless what it claims is so.</summary>
    public static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new NotProvenException(otherwise);
        }
    }

    public Task<Capture> CaptureAsync(CapturePoint point, string filter, CancellationToken cancel) =>
        Capture.StartAsync(machines, point, filter, options.CaptureDirectory, options.KeepCaptures, cancel);

    /// <summary>Asks again until there is an answer.</summary>
    public async Task<T> EventuallyAsync<T>(string what, TimeSpan limit, Func<Task<T?>> ask, CancellationToken cancel)
        where T : class
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            Require(time.GetElapsedTime(start) < limit, $"{what}: not within {limit.TotalSeconds:0} s");
            await Task.Delay(s_poll, time, cancel);
        }
    }

    /// <summary>Creates an object as <c>oc create</c> does: unknown fields are dropped in silence.</summary>
    public async Task<JsonNode> CreateAsync(JsonObject manifest, string ns, CancellationToken cancel)
    {
        var path = ResourcePath.Of(manifest, ns);
        return (await api.CreateAsync(path, manifest, FieldValidation.Ignore, cancel)).Expect($"create {path.Path}");
    }

    /// <summary>Deletes an object and waits until it is gone.</summary>
    public async Task DeleteAsync(ResourcePath path, CancellationToken cancel)
    {
        await api.DeleteAsync(path.Path, cancel);
        await EventuallyAsync($"{path.Path} deleted", TimeSpan.FromSeconds(60), async () =>
            (await api.GetAsync(path.Path, cancel)).StatusCode == System.Net.HttpStatusCode.NotFound ? path : null, cancel);
    }

    /// <summary>Makes a project as <c>oc new-project</c> does.</summary>
    public async Task NewProjectAsync(string name, CancellationToken cancel)
    {
        var request = new JsonObject
        {
            ["apiVersion"] = "project.openshift.io/v1",
            ["kind"] = "ProjectRequest",
            ["metadata"] = new JsonObject { ["name"] = name },
        };
        var path = new ResourcePath("/apis/project.openshift.io/v1/projectrequests", name);
        (await api.CreateAsync(path, request, FieldValidation.Ignore, cancel)).Expect($"new project {name}");
    }

    /// <summary>Waits until a Pod runs and is Ready.</summary>
    public Task<PodInfo> RunningAsync(string ns, string name, CancellationToken cancel) =>
        EventuallyAsync($"Pod {ns}/{name} Running", TimeSpan.FromSeconds(30), async () =>
        {
            var pod = (await api.GetAsync(ResourcePath.Pod(ns, name).Path, cancel)).Expect($"get pod {ns}/{name}");
            var ready = pod["status"]?["conditions"]?.AsArray().Any(c => Text(c?["type"]) == "Ready" && Text(c?["status"]) == "True") ?? false;
            return ready && Text(pod["status"]?["phase"]) == "Running"
                ? new PodInfo(ns, name, Text(pod["metadata"]!["uid"]), Text(pod["spec"]!["nodeName"]), Text(pod["status"]!["podIP"]))
                : null;
        }, cancel);

    /// <summary>Starts a Pod that sleeps, to run commands in.</summary>
    public async Task<PodInfo> SleeperAsync(
        string ns, string name, IEnumerable<KeyValuePair<string, string>> labels, string? node, CancellationToken cancel)
    {
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject(labels.Select(l => KeyValuePair.Create<string, JsonNode?>(l.Key, l.Value))),
            },
            ["spec"] = new JsonObject
            {
                ["terminationGracePeriodSeconds"] = 0,
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = name,
                    ["image"] = "registry.access.redhat.com/ubi8/ubi",
                    ["command"] = new JsonArray("/bin/sh", "-c"),
                    ["args"] = new JsonArray("sleep inf"),
                }),
            },
        };
        if (node is not null)
        {
            pod["spec"]!["nodeSelector"] = new JsonObject { ["kubernetes.io/hostname"] = node };
        }

        await CreateAsync(pod, ns, cancel);
        return await RunningAsync(ns, name, cancel);
    }

    /// <summary>The nodes with a role, by name.</summary>
    public async Task<IReadOnlyList<JsonNode>> NodesAsync(string? role, CancellationToken cancel)
    {
        var selector = role is null ? "" : $"?labelSelector=node-role.kubernetes.io/{role}";
        var list = (await api.GetAsync($"/api/v1/nodes{selector}", cancel)).Expect("list nodes");
        return [.. list["items"]!.AsArray().OfType<JsonNode>().OrderBy(n => Text(n["metadata"]!["name"]), StringComparer.Ordinal)];
    }

    /// <summary>A node's InternalIP.</summary>
    public static string AddressOf(JsonNode node) =>
        Text(node["status"]!["addresses"]!.AsArray().First(a => Text(a!["type"]) == "InternalIP")!["address"]);

    public static string Text(JsonNode? node) => node is JsonValue value ? value.ToString() : "";
}
