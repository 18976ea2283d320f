using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Trunkline.Node.IntegrationTests.Pods;

/// <summary>As much of an API server as the Pod side of an agent talks to: Pods with watch and status, Services, Events, tokens, ConfigMaps.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject> _pods = [];
    private readonly List<Channel<string>> _watches = [];
    private int _version = 1;

    private FakeApi(WebApplication application) => _application = application;

    public ConcurrentQueue<JsonNode> Events { get; } = new();

    public ConcurrentDictionary<string, JsonNode> ConfigMaps { get; } = new();

    public Kubernetes Client { get; private set; } = null!;

    public static async Task<FakeApi> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var api = new FakeApi(application);
        application.Run(api.HandleAsync);
        await application.StartAsync();
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        api.Client = new Kubernetes(new KubernetesClientConfiguration { Host = address, DisableHttp2 = true });
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    public void Put(string json) => Store(JsonNode.Parse(json)!.AsObject(), "ADDED");

    public JsonObject? Pod(string name)
    {
        lock (_lock)
        {
            return _pods.GetValueOrDefault(name)?.DeepClone().AsObject();
        }
    }

    /// <summary>What `kubectl delete` does: the Pod is marked, and its node has to end it.</summary>
    public void Delete(string name, long grace)
    {
        var pod = Pod(name)!;
        pod["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        pod["metadata"]!["deletionGracePeriodSeconds"] = grace;
        Store(pod, "MODIFIED");
    }

    private void Store(JsonObject pod, string type)
    {
        lock (_lock)
        {
            pod["apiVersion"] = "v1";
            pod["kind"] = "Pod";
            pod["metadata"]!["resourceVersion"] = $"{++_version}";
            _pods[(string)pod["metadata"]!["name"]!] = pod;
            Tell(type, pod);
        }
    }

    private void Tell(string type, JsonObject pod)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = pod.DeepClone() }.ToJsonString();
        foreach (var watch in _watches)
        {
            watch.Writer.TryWrite(line);
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        JsonNode? body = context.Request.Method is "POST" or "PATCH" or "PUT" ? await JsonNode.ParseAsync(context.Request.Body) : null;
        switch (context.Request.Method, path)
        {
            case ("GET", ["api", "v1", "pods"]):
                await ListOrWatchAsync(context);
                break;
            case ("GET", ["api", "v1", "services"]):
                await ServicesAsync(context);
                break;
            case ("PATCH", ["api", "v1", "namespaces", _, "pods", var name, "status"]):
                await PatchStatusAsync(context, name, body!);
                break;
            case ("DELETE", ["api", "v1", "namespaces", _, "pods", var name]):
                await RemoveAsync(context, name);
                break;
            case ("POST", ["api", "v1", "namespaces", _, "events"]):
                Events.Enqueue(body!);
                await AnswerAsync(context, body!);
                break;
            case ("PATCH", ["api", "v1", "namespaces", _, "events", _]):
                await AnswerAsync(context, new JsonObject());
                break;
            case ("POST", ["api", "v1", "namespaces", _, "serviceaccounts", _, "token"]):
                await AnswerAsync(context, new JsonObject { ["status"] = new JsonObject { ["token"] = "a-token", ["expirationTimestamp"] = "2036-01-01T00:00:00Z" } });
                break;
            case ("GET", ["api", "v1", "namespaces", _, "configmaps", var map]) when ConfigMaps.TryGetValue(map, out var found):
                await AnswerAsync(context, found);
                break;
            default:
                context.Response.StatusCode = 404;
                await AnswerAsync(context, new JsonObject { ["kind"] = "Status", ["code"] = 404 });
                break;
        }
    }

    private async Task ListOrWatchAsync(HttpContext context)
    {
        if (context.Request.Query["watch"] != "true")
        {
            JsonObject list;
            lock (_lock)
            {
                list = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["resourceVersion"] = $"{_version}" },
                    ["items"] = new JsonArray([.. _pods.Values.Select(pod => pod.DeepClone())]),
                };
            }

            await AnswerAsync(context, list);
            return;
        }

        var watch = Channel.CreateUnbounded<string>();
        var since = int.Parse(context.Request.Query["resourceVersion"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
        lock (_lock)
        {
            _watches.Add(watch);
            foreach (var pod in _pods.Values.Where(pod => int.Parse((string)pod["metadata"]!["resourceVersion"]!, System.Globalization.CultureInfo.InvariantCulture) > since))
            {
                watch.Writer.TryWrite(new JsonObject { ["type"] = "ADDED", ["object"] = pod.DeepClone() }.ToJsonString());
            }
        }

        await context.Response.StartAsync();
        await foreach (var line in watch.Reader.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.WriteAsync(line + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static async Task ServicesAsync(HttpContext context)
    {
        if (context.Request.Query["watch"] == "true")
        {
            await context.Response.StartAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        await AnswerAsync(context, JsonNode.Parse("""
            {"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"kubernetes","namespace":"default"},
             "spec":{"clusterIP":"172.30.0.1","ports":[{"name":"https","port":443,"protocol":"TCP"}]}}]}
            """)!);
    }

    private async Task PatchStatusAsync(HttpContext context, string name, JsonNode patch)
    {
        JsonObject pod;
        lock (_lock)
        {
            if (!_pods.TryGetValue(name, out pod!))
            {
                context.Response.StatusCode = 404;
                return;
            }

            pod = pod.DeepClone().AsObject();
            pod["status"] = patch["status"]!.DeepClone();
            if (pod["status"]!.ToJsonString() != _pods[name]["status"]?.ToJsonString())
            {
                Store(pod, "MODIFIED");
            }
        }

        await AnswerAsync(context, pod);
    }

    private async Task RemoveAsync(HttpContext context, string name)
    {
        lock (_lock)
        {
            if (_pods.Remove(name, out var pod))
            {
                Tell("DELETED", pod);
            }
        }

        await AnswerAsync(context, new JsonObject { ["metadata"] = new JsonObject() });
    }

    private static async Task AnswerAsync(HttpContext context, JsonNode body)
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString());
    }
}
