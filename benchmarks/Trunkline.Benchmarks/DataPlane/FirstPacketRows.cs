namespace Trunkline.Benchmarks.DataPlane;

/// <summary>INIT to INIT ACK through a Service, which is what a first packet costs. Two nodes stand side by side and are asked in turn, so that the machine's moods fall on both.</summary>
internal static class FirstPacketRows
{
    private const int Rounds = 40, PacketsARound = 100, Many = 30_000, Seed = 1;

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await using var one = await NodeAsync(1);
        await using var many = await NodeAsync(Many);
        var (few, lots) = await Task.Factory.StartNew(() => Ask(one, many, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var ratio = lots.Median() / few.Median();
        report.Add(new Row("first packet (INIT to INIT ACK) through 30,000 Services, p50", "us", lots.Median())
        {
            Peer = few.Median(),
            PeerName = "ours through 1 Service",
            Ratio = ratio,
            Goal = "at most 1.1x of the same through 1",
            Met = ratio <= 1.1,
        });
    }

    private static (List<double> Few, List<double> Lots) Ask(BenchNode one, BenchNode many, CancellationToken cancellationToken)
    {
        OneCpu.Stay();
        using var oneSide = new Handshakes(one);
        using var manySide = new Handshakes(many);
        var random = new Random(Seed);
        var (few, lots) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var packet = 0; packet < PacketsARound; packet++)
            {
                few.Add(oneSide.Microseconds(0));
                lots.Add(manySide.Microseconds(random.Next(Many)));
            }
        }

        return (few, lots);
    }

    private static async Task<BenchNode> NodeAsync(int services)
    {
        var node = await BenchNode.StartAsync();
        for (var number = 0; number < services; number++)
        {
            node.Cluster.Set(BenchCluster.Service(number, [BenchNode.ServerAddress]));
        }

        node.Cluster.Set(PolicyRows.Pod(0, BenchNode.ServerAddress));
        await node.ApplyAsync();
        return node;
    }

    private sealed class Handshakes : IDisposable
    {
        private readonly RawPackets _client, _server;
        private int _port = 10_000;

        public Handshakes(BenchNode node)
        {
            (_client, _server) = (new RawPackets(node.Client), new RawPackets(node.Server));
            new Thread(() =>
            {
                OneCpu.Stay();
                _server.Answer();
            })
            { IsBackground = true, Name = "answers INITs" }.Start();
            for (var warm = 0; warm < 500; warm++)
            {
                Microseconds(0);
            }
        }

        public double Microseconds(int service)
        {
            var port = _port = _port == 60_000 ? 10_000 : _port + 1;
            var destination = BenchCluster.Service(service, []).Service.ClusterIps[0];
            var start = TimeProvider.System.GetTimestamp();
            _client.SendInit(destination, port, 38412);
            return _client.AwaitInitAck(port) ? TimeProvider.System.GetElapsedTime(start).TotalMicroseconds : throw new IOException($"no INIT ACK from {destination}");
        }

        public void Dispose()
        {
            _client.Dispose();
            _server.Dispose();
        }
    }
}
