using System.Net;
using System.Net.Sockets;
using System.Text;
using Trunkline.Node.Network.Netlink;
using Xunit;
using static Trunkline.Node.IntegrationTests.Network.Given;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>A load balancer asks each node whether it has somebody: kube-proxy's answer, from the node's own address.</summary>
public sealed class HealthChecksTests
{
    [Fact]
    public async Task A_node_with_a_ready_endpoint_says_200_and_one_without_503()
    {
        await using var node = await TestNode.StartAsync();
        var service = Service() with { ExternalLocal = true, HealthCheckNodePort = 32100 };
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(Here(node.Pods[1]), Here(node.Pods[2]), Here(node.Pods[3]).Ending(), There(node.Remote))]);
        var answer = await AskAsync(node, 32100);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("X-Load-Balancing-Endpoint-Weight: 2\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith(
            "\r\n\r\n{\n\t\"service\": {\n\t\t\"namespace\": \"x\",\n\t\t\"name\": \"svc\"\n\t},\n\t\"localEndpoints\": 2,\n\t\"serviceProxyHealthy\": true\n}", answer, StringComparison.Ordinal);

        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(Here(node.Pods[3]).Ending(), There(node.Remote))]);
        answer = await AskAsync(node, 32100);
        Assert.StartsWith("HTTP/1.1 503 Service Unavailable\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\"localEndpoints\": 0,", answer, StringComparison.Ordinal);

        await node.ApplyAsync(node.PlainPods(), services: [service with { HealthCheckNodePort = 32101 }], slices: []);
        Assert.StartsWith("HTTP/1.1 503", await AskAsync(node, 32101), StringComparison.Ordinal);
        await Assert.ThrowsAsync<SocketException>(() => AskAsync(node, 32100));
    }

    [Fact]
    public async Task Whoever_says_nothing_or_too_much_does_not_keep_others_from_their_answer()
    {
        await using var node = await TestNode.StartAsync();
        await node.ApplyAsync(node.PlainPods(), services: [Service() with { ExternalLocal = true, HealthCheckNodePort = 32100 }], slices: [Slice(Here(node.Pods[1]))]);
        var silent = new List<Socket>();
        for (var index = 0; index < 200; index++)
        {
            var socket = Open(node);
            await socket.ConnectAsync(new IPEndPoint(node.Address, 32100), TestContext.Current.CancellationToken);
            silent.Add(socket);
        }

        await silent[^1].SendAsync(new byte[20_000], TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(node, 32100), StringComparison.Ordinal);

        // Who came first was sent away for those that came after; nobody is kept for ever.
        Assert.Equal(0, await silent[0].ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
        silent.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Every_one_of_many_Services_is_answered()
    {
        await using var node = await TestNode.StartAsync();
        var services = Enumerable.Range(0, 100).Select(number => Service() with
        {
            Name = $"svc-{number}",
            ExternalLocal = true,
            HealthCheckNodePort = 32200 + number,
            ClusterIps = [IPAddress.Parse($"172.30.9.{number + 1}")],
            Ports = [],
        }).ToArray();
        await node.ApplyAsync(node.PlainPods(), services: services, slices: []);
        for (var number = 0; number < services.Length; number++)
        {
            Assert.Contains($"\"name\": \"svc-{number}\"", await AskAsync(node, 32200 + number), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_port_that_was_somebody_elses_is_answered_once_it_is_free()
    {
        await using var node = await TestNode.StartAsync();
        using var other = NamespaceThread.Run($"/run/netns/{node.Node.Netns}", () => new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp));
        other.Bind(new IPEndPoint(IPAddress.IPv6Any, 32100));
        other.Listen();
        var service = Service() with { ExternalLocal = true, HealthCheckNodePort = 32100 };
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(Here(node.Pods[1]))]);
        other.Dispose();
        await node.ApplyAsync(node.PlainPods(), services: [service], slices: [Slice(Here(node.Pods[1]), Here(node.Pods[2]))]);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(node, 32100), StringComparison.Ordinal);
    }

    private static Socket Open(TestNode node) =>
        NamespaceThread.Run($"/run/netns/{node.Outside.Netns}", () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));

    private static async Task<string> AskAsync(TestNode node, int port)
    {
        using var socket = Open(node);
        var token = TestContext.Current.CancellationToken;
        await socket.ConnectAsync(new IPEndPoint(node.Address, port), token);
        await socket.SendAsync("GET /healthz HTTP/1.1\r\nHost: node\r\n\r\n"u8.ToArray(), token);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, token) is > 0 and var read)
        {
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }
}
