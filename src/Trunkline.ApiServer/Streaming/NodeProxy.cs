using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Streaming;

/// <summary>pods/log, pods/exec and pods/attach: carried to the node agent under the kubelet's paths.</summary>
internal sealed class NodeProxy(ObjectStore store, NodeClient client)
{
    private const int AgentPort = 10250;
    private const string Newest = "v5.channel.k8s.io";
    private static readonly string[] LogOptions = ["follow", "tailLines", "previous", "timestamps", "sinceSeconds", "sinceTime", "limitBytes", "stream"];

    public async Task LogAsync(HttpContext context, JsonObject pod)
    {
        var container = PodContainers.Choose(pod, context.Request.Query["container"].ToString());
        if (ObjectMetadata.Text(pod["spec"]?["nodeName"]).Length == 0)
        {
            // A Pod without a node has no log yet: the real server answers with nothing.
            await ResponseWriter.BytesAsync(context, 200, "text/plain", ReadOnlyMemory<byte>.Empty);
            return;
        }

        var query = string.Join('&', LogOptions.Where(context.Request.Query.ContainsKey).Select(o => $"{o}={Uri.EscapeDataString(context.Request.Query[o].ToString())}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, Location(pod, "containerLogs", container, query, "https"));
        try
        {
            using var response = await client.Invoker.SendAsync(request, context.RequestAborted);
            await ForwardAsync(context, response);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException && !context.Response.HasStarted)
        {
            throw Unreachable(pod, failure);
        }
    }

    public async Task StreamAsync(HttpContext context, JsonObject pod, string verb)
    {
        var container = PodContainers.Choose(pod, context.Request.Query["container"].ToString());
        if (ObjectMetadata.Text(pod["spec"]?["nodeName"]).Length == 0)
        {
            throw StatusErrors.BadRequest($"pod {pod.Name()} does not have a host assigned");
        }

        var protocol = WebSocketUpgrade.Protocol(context, Newest, "v4.channel.k8s.io");
        using var node = new ClientWebSocket();
        node.Options.AddSubProtocol(Newest);
        node.Options.KeepAliveInterval = TimeSpan.FromSeconds(30);
        node.Options.CollectHttpResponseDetails = true;
        try
        {
            await node.ConnectAsync(Location(pod, verb, container, StreamQuery(context.Request.Query), "wss"), client.Invoker, context.RequestAborted);
        }
        catch (WebSocketException failure)
        {
            throw Refused(pod, node, failure);
        }

        using var socket = await WebSocketUpgrade.AcceptAsync(context, protocol);
        await WebSocketRelay.RunAsync(socket, node, context.RequestAborted);
    }

    private static string StreamQuery(IQueryCollection query)
    {
        var parts = query["command"].Select(c => "command=" + Uri.EscapeDataString(c ?? "")).ToList();
        foreach (var (asked, named) in new[] { ("stdin", "input"), ("stdout", "output"), ("stderr", "error"), ("tty", "tty") })
        {
            if (query[asked].ToString() is "true" or "1")
            {
                parts.Add(named + "=1");
            }
        }

        return string.Join('&', parts);
    }

    private Uri Location(JsonObject pod, string verb, string container, string query, string scheme)
    {
        var nodeName = ObjectMetadata.Text(pod["spec"]?["nodeName"]);
        var node = store.State.Get(new ObjectKey("nodes", "", nodeName))?.Parse()
            ?? throw StatusErrors.NotFound(Kinds.KindCatalog.Find("", "v1", "nodes")!, nodeName);
        var address = (node["status"]?["addresses"] as JsonArray ?? []).FirstOrDefault(a => ObjectMetadata.Text(a?["type"]) == "InternalIP");
        var host = ObjectMetadata.Text(address?["address"]);
        if (!System.Net.IPAddress.TryParse(host, out _))
        {
            throw new ApiStatusException(500, "", $"no preferred addresses found; known addresses: []");
        }

        var port = node["status"]?["daemonEndpoints"]?["kubeletEndpoint"]?["Port"] is JsonValue value && value.TryGetValue<int>(out var given) && given > 0 ? given : AgentPort;
        var ns = ObjectMetadata.Text(pod["metadata"]?["namespace"]);
        return new UriBuilder(scheme, host, port, $"/{verb}/{ns}/{pod.Name()}/{container}", query.Length > 0 ? "?" + query : "").Uri;
    }

    private static async Task ForwardAsync(HttpContext context, HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            var text = await response.Content.ReadAsStringAsync(context.RequestAborted);
            throw StatusErrors.BadRequest(text.Length > 0 ? text.Trim() : $"the node agent answered {(int)response.StatusCode}");
        }

        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.StatusCode = 200;
        context.Response.ContentType = "text/plain";
        await using var content = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        await context.Response.StartAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static ApiStatusException Refused(JsonObject pod, ClientWebSocket node, WebSocketException failure) => node.HttpStatusCode switch
    {
        0 => Unreachable(pod, failure),
        var code => new ApiStatusException(500, "InternalError", $"error dialing backend: the node agent answered {(int)code} {code}"),
    };

    private static ApiStatusException Unreachable(JsonObject pod, Exception failure) => new(
        500, "", $"error dialing backend: node {ObjectMetadata.Text(pod["spec"]?["nodeName"])}: {(failure.InnerException ?? failure).Message}");
}
