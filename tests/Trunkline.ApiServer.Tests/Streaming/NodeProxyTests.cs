using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Streaming;

/// <summary>kubectl exec and logs through the server to an agent that speaks TLS and asks for the server's certificate.</summary>
public sealed class NodeProxyTests
{
    [Fact]
    public async Task Exec_and_logs_reach_the_nodes_agent_and_come_back()
    {
        var port = 0;
        await using var cluster = await TestCluster.StartAsync(dialer: async (address, asked, cancel) =>
        {
            Assert.Equal(("127.0.0.1", 10250), (address, asked));
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        });
        var asked = new ConcurrentQueue<string>();
        await using var agent = await AgentAsync(cluster, asked);
        port = new Uri(agent.Urls.First()).Port;
        await cluster.SendAsync("POST", "/api/v1/nodes", """{"metadata":{"name":"n"}}""");
        await cluster.SendAsync("PATCH", "/api/v1/nodes/n/status", """{"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}]}}""", "application/merge-patch+json");
        await cluster.SendAsync("POST", "/api/v1/namespaces/default/pods", """{"metadata":{"name":"p"},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]}}""");
        var kubectl = new Kubectl(cluster);
        Assert.Equal("a line", await kubectl.RunAsync("logs", "p", "--tail=3"));
        Assert.Equal("hello", await kubectl.RunAsync("exec", "p", "--", "sh", "-c", "echo a b"));
        Assert.Equal(
            ["CN=kube-apiserver-kubelet-client, O=system:masters /containerLogs/default/p/c?tailLines=3", "CN=kube-apiserver-kubelet-client, O=system:masters /exec/default/p/c?command=sh&command=-c&command=echo%20a%20b&output=1&error=1"],
            asked.Select(a => a.Replace("O=system:masters, CN=kube-apiserver-kubelet-client", "CN=kube-apiserver-kubelet-client, O=system:masters", StringComparison.Ordinal)));
    }

    private static async Task<WebApplication> AgentAsync(TestCluster cluster, ConcurrentQueue<string> asked)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = cluster.Pki.Server(),
            ClientCertificateMode = ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == "CN=test-ca",
        })));
        var agent = builder.Build();
        agent.UseWebSockets();
        agent.Run(context => AnswerAsync(context, asked));
        await agent.StartAsync();
        return agent;
    }

    private static async Task AnswerAsync(HttpContext context, ConcurrentQueue<string> asked)
    {
        asked.Enqueue($"{context.Connection.ClientCertificate!.Subject} {context.Request.Path}{context.Request.QueryString}");
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await context.Response.WriteAsync("a line\n");
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync("v5.channel.k8s.io");
        await socket.SendAsync((byte[])[1, .. "hello\n"u8], WebSocketMessageType.Binary, true, context.RequestAborted);
        await socket.SendAsync((byte[])[3, .. Encoding.UTF8.GetBytes("""{"metadata":{},"status":"Success"}""")], WebSocketMessageType.Binary, true, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }
}
