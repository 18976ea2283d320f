using System.Net;
using System.Net.Sockets;
using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Hosting;

public sealed class ListenHandleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_socket_that_listens_already_is_taken_over()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        var url = new Uri($"https://{socket.LocalEndPoint}/");
        await using var cluster = await TestCluster.StartAsync(handle: (ulong)socket.SafeHandle.DangerousGetHandle());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "/version"));
        using var answer = await cluster.Admin.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        GC.KeepAlive(socket);
    }

    [Fact]
    public async Task Everyone_may_ask_how_it_is_and_nobody_unknown_anything_else()
    {
        await using var cluster = await TestCluster.StartAsync();
        var nobody = cluster.Client(null);
        foreach (var path in new[] { "/healthz", "/livez", "/readyz", "/version" })
        {
            Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync(path, Cancel)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await nobody.GetAsync("/apis", Cancel)).StatusCode);
        var stranger = cluster.Client(new TestPki().Client("O=system:masters, CN=system:admin"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/v1/nodes", Cancel)).StatusCode);
        using var bogus = new HttpRequestMessage(HttpMethod.Get, "/api/v1/nodes");
        bogus.Headers.Add("Authorization", "Bearer bogus");
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.SendAsync(bogus, Cancel)).StatusCode);
        using var token = new HttpRequestMessage(HttpMethod.Get, "/apis");
        token.Headers.Add("Authorization", "Bearer plain-token");
        Assert.Equal(HttpStatusCode.OK, (await nobody.SendAsync(token, Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_nodes_certificate_writes_its_own_node_and_no_other()
    {
        await using var cluster = await TestCluster.StartAsync();
        var node = cluster.Client(cluster.Pki.Client("O=system:nodes, CN=system:node:worker-0"));
        foreach (var name in new[] { "worker-0", "worker-1" })
        {
            await cluster.SendAsync("POST", "/api/v1/nodes", $$$"""{"metadata":{"name":"{{{name}}}"}}""");
        }

        async Task<HttpStatusCode> LabelAsync(string name)
        {
            using var content = new StringContent("""{"metadata":{"labels":{"a":"b"}}}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/strategic-merge-patch+json"));
            return (await node.PatchAsync($"/api/v1/nodes/{name}", content, Cancel)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await LabelAsync("worker-0"));
        Assert.Equal(HttpStatusCode.Forbidden, await LabelAsync("worker-1"));
    }

    [Fact]
    public async Task A_namespace_goes_when_its_finalizer_is_taken_away()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"gone"}}""");
        var (_, terminating) = await cluster.SendAsync("DELETE", "/api/v1/namespaces/gone");
        Assert.Equal("Terminating", (string?)terminating["status"]!["phase"]);
        var (refused, _) = await cluster.SendAsync("POST", "/api/v1/namespaces/gone/configmaps", """{"metadata":{"name":"x"}}""");
        Assert.Equal(403, refused);
        terminating["spec"]!["finalizers"] = new System.Text.Json.Nodes.JsonArray();
        var (finalized, answer) = await cluster.SendAsync("PUT", "/api/v1/namespaces/gone/finalize", terminating.ToJsonString());
        Assert.True(finalized == 200, answer.ToJsonString());
        Assert.Equal(404, (await cluster.SendAsync("GET", "/api/v1/namespaces/gone")).Code);
    }

    [Fact]
    public async Task A_project_request_makes_a_namespace()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (allowed, _) = await cluster.SendAsync("GET", "/apis/project.openshift.io/v1/projectrequests");
        Assert.Equal(200, allowed);
        var (made, project) = await cluster.SendAsync(
            "POST", "/apis/project.openshift.io/v1/projectrequests", """{"kind":"ProjectRequest","apiVersion":"project.openshift.io/v1","metadata":{"name":"sctp-demo"},"displayName":"d"}""");
        Assert.Equal(201, made);
        Assert.Equal("Project", (string?)project["kind"]);
        Assert.Equal(200, (await cluster.SendAsync("GET", "/api/v1/namespaces/sctp-demo")).Code);
        var (twice, words) = await cluster.SendAsync("POST", "/apis/project.openshift.io/v1/projectrequests", """{"metadata":{"name":"sctp-demo"}}""");
        Assert.Equal(409, twice);
        Assert.Equal("projects.project.openshift.io \"sctp-demo\" already exists", (string?)words["message"]);
    }
}
