using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Netlink;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>What an established flow carries through a Service, beside the same with little else in the rules. Both nodes stand at the same time and are asked in turn.</summary>
internal static class ThroughputRows
{
    private const int Rounds = 9, Port = 5000;
    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(500);

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await CompareAsync(report, "30,000 Services", "1 Service", node => Services(node, 30_000), node => Services(node, 1), cancellationToken);
        await CompareAsync(report, "1,000 policies", "0 policies", node => Policies(node, 1000), node => Policies(node, 0), cancellationToken);
    }

    private static async Task CompareAsync(Report report, string much, string little, Action<BenchNode> fillMuch, Action<BenchNode> fillLittle, CancellationToken cancellationToken)
    {
        await using var one = await NodeAsync(fillLittle);
        await using var other = await NodeAsync(fillMuch);
        using var oneFlow = await Stream.OpenAsync(one);
        using var otherFlow = await Stream.OpenAsync(other);
        var (few, lots) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            few.Add(oneFlow.GigabitsASecond());
            lots.Add(otherFlow.GigabitsASecond());
        }

        // Noise is what the same thing differs from itself.
        var noise = Math.Max(0.05, (few.Quantile(0.75) - few.Quantile(0.25)) / few.Median());
        var ratio = lots.Median() / few.Median();
        report.Add(new Row($"an established flow with {much}", "Gbit/s", lots.Median())
        {
            Peer = few.Median(),
            PeerName = $"ours with {little}",
            Ratio = ratio,
            Goal = $"unchanged within noise ({noise * 100:0} %)",
            Met = ratio >= 1 - noise,
        });
    }

    private static async Task<BenchNode> NodeAsync(Action<BenchNode> fill)
    {
        var node = await BenchNode.StartAsync();
        var service = new ServiceRecord("bench", "stream")
        {
            ClusterIps = [BenchCluster.Address(172, 30, 1)],
            Ports = [new ServiceRecordPort("stream", TransportProtocol.Tcp, Port, null)],
        };
        node.Cluster.Set(new ServiceState(service, [new SliceRecord("bench", "stream")
        {
            Ports = [new SlicePort("stream", TransportProtocol.Tcp, Port)],
            Endpoints = [new SliceEndpoint(BenchNode.ServerAddress, true, BenchCluster.NodeName)],
        }]));
        node.Cluster.Set(PolicyRows.Pod(0, BenchNode.ServerAddress));
        fill(node);
        await node.ApplyAsync();
        return node;
    }

    private static void Services(BenchNode node, int count)
    {
        foreach (var service in LoadRows.Pairs(count))
        {
            node.Cluster.Set(service);
        }
    }

    // Every one of them selects the server and lets the client in.
    private static void Policies(BenchNode node, int count)
    {
        for (var number = 0; number < count; number++)
        {
            node.Cluster.Set(new NetworkPolicy("bench", $"policy-{number}")
            {
                Ingress = [new PolicyRule([new PolicyPeer { IpBlock = new IpBlock(IPNetwork.Parse("192.168.126.0/24"), []) }], [new PolicyPort { Number = Port + number }])],
            });
        }
    }

    private sealed class Stream : IDisposable
    {
        private readonly Socket _client, _server;
        private readonly byte[] _bytes = new byte[256 * 1024];
        private long _received;

        private Stream(Socket client, Socket server)
        {
            (_client, _server) = (client, server);
            new Thread(Drain) { IsBackground = true, Name = "drains" }.Start();
        }

        public static async Task<Stream> OpenAsync(BenchNode node)
        {
            using var listener = Open(node.Server);
            listener.Bind(new IPEndPoint(BenchNode.ServerAddress, Port));
            listener.Listen();
            var client = Open(node.Client);
            var accepting = listener.AcceptAsync();
            await client.ConnectAsync(new IPEndPoint(BenchCluster.Address(172, 30, 1), Port)).WaitAsync(TimeSpan.FromSeconds(10));
            return new Stream(client, await accepting);
        }

        public double GigabitsASecond()
        {
            var before = Interlocked.Read(ref _received);
            var start = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(start) < s_round)
            {
                _client.Send(_bytes);
            }

            return (Interlocked.Read(ref _received) - before) * 8 / TimeProvider.System.GetElapsedTime(start).TotalSeconds / 1e9;
        }

        public void Dispose()
        {
            _client.Dispose();
            _server.Dispose();
        }

        private void Drain()
        {
            var bytes = new byte[256 * 1024];
            try
            {
                while (_server.Receive(bytes) is > 0 and var read)
                {
                    Interlocked.Add(ref _received, read);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Taken down.
            }
        }

        private static Socket Open(Netns netns)
        {
            var descriptor = NamespaceThread.Run(netns.Path, () => NetlinkLibc.Socket(2, 1 | 0x80000, 0));
            return descriptor >= 0 ? new Socket(new SafeSocketHandle(descriptor, true)) : throw new IOException($"socket: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }
}
