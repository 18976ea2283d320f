using System.Diagnostics;
using System.Globalization;
using k8s;
using k8s.Models;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>What a real node agent holds in a real lab of ten thousand Services: made through the API, watched by the agent, in force in the node's kernel.</summary>
internal static class MemoryRows
{
    private const int Services = 10_000, AtOnce = 16;
    private const string Lab = "bench-memory", Namespace = "bench", Node = "worker-0";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>What the rules of a Service cost in the agent's heap.</summary>
    public static async Task RunHeapAsync(Report report, CancellationToken cancellationToken)
    {
        await using var node = await BenchNode.StartAsync();
        foreach (var service in LoadRows.Pairs(Services))
        {
            node.Cluster.Set(service);
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        await node.ApplyAsync();
        cancellationToken.ThrowIfCancellationRequested();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        report.Add(new Row("heap of the node's rules, a Service with 2 endpoints", "bytes", (after - before) / (double)Services));
    }

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await LabAsync("up", "--workers", "1");
        try
        {
            using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile($"/var/lib/trunkline/labs/{Lab}/admin.kubeconfig"));
            var empty = ResidentMegabytes();
            var last = await FillAsync(client, cancellationToken);
            await InForceAsync(last, cancellationToken);
            report.Add(new Row("resident memory of the node agent at 10,000 Services", "MB", ResidentMegabytes())
            {
                Peer = empty,
                PeerName = "ours in an empty lab",
                Ratio = ResidentMegabytes() / empty,
                Goal = "at most 150 MB",
                Met = ResidentMegabytes() <= 150,
            });
        }
        finally
        {
            await LabAsync("down");
        }
    }

    private static async Task<string> FillAsync(Kubernetes client, CancellationToken cancellationToken)
    {
        await client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = Namespace } }, cancellationToken: cancellationToken);
        var last = "";
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, Services, options, async (number, token) =>
        {
            var service = await client.CoreV1.CreateNamespacedServiceAsync(Service(number), Namespace, cancellationToken: token);
            await client.DiscoveryV1.CreateNamespacedEndpointSliceAsync(Slice(number), Namespace, cancellationToken: token);
            if (number == Services - 1)
            {
                last = service.Spec.ClusterIP;
            }
        });
        return last;
    }

    private static V1Service Service(int number) => new()
    {
        Metadata = new V1ObjectMeta { Name = $"service-{number}" },
        Spec = new V1ServiceSpec { Ports = [new V1ServicePort { Name = "ngap", Port = 38412, Protocol = "SCTP" }] },
    };

    private static V1EndpointSlice Slice(int number) => new()
    {
        Metadata = new V1ObjectMeta { Name = $"service-{number}-1", Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = $"service-{number}" } },
        AddressType = "IPv4",
        Ports = [new Discoveryv1EndpointPort { Name = "ngap", Port = 30102, Protocol = "SCTP" }],
        Endpoints =
        [
            new V1Endpoint { Addresses = [$"{BenchCluster.Endpoint(2 * number)}"] },
            new V1Endpoint { Addresses = [$"{BenchCluster.Endpoint((2 * number) + 1)}"] },
        ],
    };

    // By its key: nothing is listed.
    private static async Task InForceAsync(string address, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (await RunAsync("nsenter", $"--net=/run/trunkline/labs/{Lab}/netns/{Node}", "nft", "get", "element", "inet", "trunkline", "services", $"{{ {address} . sctp . 38412 }}") != 0)
        {
            if (TimeProvider.System.GetElapsedTime(start) > s_patience)
            {
                throw new IOException($"{address} did not come into force on {Node}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken); // the last of the watch's garbage is collected as it would be
    }

    private static double ResidentMegabytes()
    {
        var agent = Process.GetProcessesByName("trunkline").Single(process => File.ReadAllText($"/proc/{process.Id}/cgroup").Contains($"/trunkline/{Lab}/{Node}/", StringComparison.Ordinal)
            && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("node-agent", StringComparison.Ordinal));
        var line = File.ReadLines($"/proc/{agent.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    private static async Task LabAsync(string verb, params string[] more)
    {
        var trunkline = Path.Combine(Environment.GetEnvironmentVariable("TRUNKLINE_ROOT") ?? ".", ".build", "bin", "trunkline", "trunkline");
        if (await RunAsync(trunkline, ["lab", verb, "--name", Lab, .. more]) != 0)
        {
            throw new IOException($"trunkline lab {verb} --name {Lab} failed; run it to see why");
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
