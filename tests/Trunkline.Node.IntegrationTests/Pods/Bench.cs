using System.Net;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Trunkline.Node.Agent.Events;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Network;
using Trunkline.Node.Pods;
using Trunkline.Node.Pods.Probes;
using Trunkline.Node.Pods.State;
using Trunkline.Node.Pods.Status;
using Trunkline.Node.Pods.Variables;
using Trunkline.Node.Pods.Volumes;
using Trunkline.Node.Runtime;
using Trunkline.Node.Runtime.Processes;
using Trunkline.Node.Streaming;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Pods;

/// <summary>A node's Pod side with real containers in directories and control groups of its own, against a fake API server.</summary>
internal sealed class Bench : IPodNetwork, IDataPlane
{
    private readonly string _name = $"tlp{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..4]}";
    private readonly string _state;
    private CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    private Bench(FakeApi api)
    {
        Api = api;
        _state = $"/var/tmp/{_name}";
        Paths = new NodePaths($"/run/{_name}", _state, $"{_state}/logs");
        Config = new NodeConfig
        {
            NodeName = "bench",
            NodeIp = "127.0.0.1",
            ImageLayout = $"{_state}/image",
            CgroupParent = $"/{_name}/pods",
            CaFile = $"{_state}/ca.crt",
        };
        TinyRoot.Make(Config.ImageLayout);
        File.WriteAllText(Config.CaFile, "a certificate\n");
        Monitor = new ContainerMonitor(Paths);
    }

    public FakeApi Api { get; }

    public NodePaths Paths { get; }

    public NodeConfig Config { get; init; }

    public ContainerMonitor Monitor { get; }

    public PodManager Manager { get; private set; } = null!;

    public ContainerStreams Streams { get; private set; } = null!;

    public List<string> Network { get; } = [];

    /// <summary>Taken at an agent's start.</summary>
    public string PodCidr { get; set; } = "10.128.2.0/23";

    /// <summary>Pods whose network cannot be made.</summary>
    public Func<string, bool> NetworkFails { get; set; } = _ => false;

    public static async Task<Bench> StartAsync()
    {
        Assert.True(Environment.UserName == "root", "these tests need root: they make containers");
        var bench = new Bench(await FakeApi.StartAsync());
        bench.StartAgent();
        return bench;
    }

    /// <summary>What a killed agent leaves and its successor finds: everything but the agent.</summary>
    public async Task RestartAgentAsync()
    {
        await StopAgentAsync();
        StartAgent();
    }

    public void StartAgent()
    {
        _stop = new CancellationTokenSource();
        var time = TimeProvider.System;
        using var loggers = LoggerFactory.Create(_ => { });
        ILogger logger = NullLogger.Instance;
        var events = new EventRecorder(Api.Client, Config.NodeName, time, logger);
        var services = new ServiceCache();
        var handlers = new HandlerRunner(Monitor);
        var capacity = new Dictionary<string, ResourceQuantity>();
        var configuration = new ConfigurationSource(Api.Client);
        var environment = new ContainerEnvironment(configuration, services, Config.Addresses, () => capacity);
        var tokens = new TokenSource(Api.Client, time);
        var volumes = new PodVolumes(Paths, new VolumeContent(configuration, tokens, Config, () => capacity), Config, time);
        var addresses = new PodAddresses([PodCidr]);
        var sandbox = new PodSandbox(Config, Paths, new SandboxNamespaces(Paths), addresses, this, new SctpRegistry(Paths), null);
        var tools = new PodTools(Config, Api.Client, Paths, new PodStore(Paths, logger), sandbox, Monitor,
            new ContainerLauncher(Config, Paths, sandbox, volumes, environment, Monitor, time), volumes, tokens, handlers,
            new PodStatusBuilder(Config.Addresses, Config.ImageId), this, events, time, logger);
        Manager = new PodManager(tools, addresses, "boot-1", () => null, _stop.Token);
        Streams = new ContainerStreams(Manager.Find, Monitor, Paths, time);
        _running.Add(events.RunAsync(_stop.Token));
        _running.Add(new ResourceWatch<V1Service>(Api.Client, "api/v1/services", null, services, time, logger).RunAsync(_stop.Token));
        _running.Add(new ResourceWatch<V1Pod>(Api.Client, "api/v1/pods", null, Manager, time, logger).RunAsync(_stop.Token));
    }

    public async ValueTask DisposeAsync()
    {
        Manager.Replace([]); // the API server has no Pods any more: all end
        await EventuallyAsync(() => Manager.Pods().Count == 0, "all Pods gone");
        await StopAgentAsync();
        await Api.DisposeAsync();
        await Command.RunAsync(["sh", "-c", $"find /sys/fs/cgroup -depth -type d -path '*/{_name}*' -exec rmdir {{}} + ; rm -rf /run/{_name} {_state}"],
            CancellationToken.None);
        Assert.DoesNotContain(_name, File.ReadAllText("/proc/mounts"), StringComparison.Ordinal);
    }

    public async Task<V1Pod> WaitAsync(string pod, Func<V1Pod, bool> wanted, string what)
    {
        V1Pod? last = null;
        await EventuallyAsync(() => Api.Pod(pod) is { } json && wanted(last = KubernetesJson.Deserialize<V1Pod>(json.ToJsonString())),
            $"{pod}: {what}", () => (last?.Status is null ? "no status" : KubernetesJson.Serialize(last.Status)) + string.Join("\n", Api.Events.Select(e => e["message"])));
        return last!;
    }

    public static async Task EventuallyAsync(Func<bool> condition, string what, Func<string>? state = null)
    {
        var deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(30);
        while (!condition())
        {
            if (TimeProvider.System.GetUtcNow() > deadline)
            {
                Assert.Fail($"never came to be: {what}. {state?.Invoke()}");
            }

            await Task.Delay(20);
        }
    }

    public string Log(string pod, string container, int attempt = 0)
    {
        var record = Manager.Find("default", pod)!.Record;
        var file = Paths.LogFile(record.Namespace, record.Name, record.Uid, container, attempt);
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    public static string Spec(string name, string script, string more = "", string container = "") => $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"default","uid":"{{{Guid.NewGuid()}}}","creationTimestamp":"2026-01-01T00:00:00Z","labels":{"app":"x"}},
         "spec":{"nodeName":"bench","terminationGracePeriodSeconds":5,"containers":[{"name":"main","image":"example/any","command":["/bin/sh","-c"],
           "args":[{{{System.Text.Json.JsonSerializer.Serialize(script)}}}]{{{container}}}}]{{{more}}}}}
        """;

    Task IPodNetwork.AttachAsync(string podUid, string netnsPath, IReadOnlyList<IPAddress> podIps, CancellationToken cancellationToken)
    {
        lock (Network)
        {
            Network.Add($"attach {podIps[0]}");
        }

        Assert.True(File.Exists(netnsPath));
        if (NetworkFails(podUid))
        {
            throw new IOException("no network");
        }

        return Task.CompletedTask;
    }

    Task IPodNetwork.DetachAsync(string podUid, CancellationToken cancellationToken)
    {
        lock (Network)
        {
            Network.Add("detach");
        }

        return Task.CompletedTask;
    }

    Task IDataPlane.StartAsync(IKubernetes client, NodeConfig config, CancellationToken cancellationToken) => Task.CompletedTask;

    Task IDataPlane.EnsurePodAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        lock (Network)
        {
            Network.Add($"policies {pod.Status.PodIP}");
        }

        return Task.CompletedTask;
    }

    public async Task StopAgentAsync()
    {
        await _stop.CancelAsync();
        await Manager.StoppedAsync();
        Manager.Dispose();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _running.Clear();
    }
}
