using System.Diagnostics;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.MachineConfigs.Models;
using Trunkline.Controllers.MachineConfigs.Pools;

namespace Trunkline.Controllers.Tests.Support;

/// <summary>The lab's API server with all controllers, as in a lab; agents of its nodes are played through the API.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly TestLog<ControllerHost> _log = new();
    private readonly List<Task> _running = [];
    private readonly RealApi _api;
    private readonly Kubernetes _own;

    private RealCluster(RealApi api)
    {
        _api = api;
        Admin = api.Client("O=system:masters, CN=system:admin");
        _own = api.Client("CN=system:kube-controller-manager");
        Objects = new ClusterClient(Admin);
        Agents = new RealAgents(Objects);
    }

    public Kubernetes Admin { get; }

    public ClusterClient Objects { get; }

    public RealAgents Agents { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A control plane and as many workers as asked for, all Ready and their pools Updated.</summary>
    public static async Task<RealCluster> StartAsync(int workers = 2, Func<ControllerOptions, ControllerOptions>? options = null, string? secondServices = null)
    {
        var cluster = new RealCluster(await RealApi.StartAsync(secondServices: secondServices));
        var chosen = Harness.Fast with { RootCertificateAuthority = cluster._api.AuthorityPem };
        cluster._running.Add(new ControllerHost(cluster._own, options?.Invoke(chosen) ?? chosen, TimeProvider.System, cluster._log).RunAsync(cluster._stop.Token));
        await cluster.Agents.RegisterAsync(Make.Node("control-plane-0", n =>
        {
            n.Metadata.Uid = null;
            n.Metadata.Labels["node-role.kubernetes.io/master"] = "";
            n.Spec.Taints = [new V1Taint { Key = "node-role.kubernetes.io/master", Effect = "NoSchedule" }];
        }), Token);
        foreach (var i in Enumerable.Range(0, workers))
        {
            await cluster.Agents.RegisterAsync(Make.Worker($"worker-{i}", with: n => n.Metadata.Uid = null), Token);
        }

        cluster._running.Add(Task.Run(() => cluster.Agents.RunAsync(cluster._stop.Token), Token));
        await cluster.UntilAsync("both pools Updated", async () => await cluster.IsAsync("master", "Updated") && await cluster.IsAsync("worker", "Updated"));
        return cluster;
    }

    public Task<MachineConfigPool> PoolAsync(string name) => Objects.GetAsync<MachineConfigPool>(ResourceTypes.MachineConfigPools, new ObjectKey("", name), Token);

    public async Task<bool> IsAsync(string pool, string condition) =>
        await FindAsync<MachineConfigPool>(ResourceTypes.MachineConfigPools, "", pool) is { } found && PoolConditions.IsTrue(found.Status?.Conditions ?? [], condition);

    public async Task<T?> FindAsync<T>(ResourceType type, string ns, string name)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return await Objects.GetAsync<T>(type, new ObjectKey(ns, name), Token);
        }
        catch (HttpOperationException e) when (ApiErrors.IsNotFound(e))
        {
            return null;
        }
    }

    public async Task<IList<T>> ListAsync<T>(ResourceType type, string? ns = null)
        where T : IKubernetesObject<V1ObjectMeta> => (await Objects.ListAsync<T>(type, ns, Token)).Items;

    public Task<V1Node> NodeAsync(string name) => Objects.GetAsync<V1Node>(ResourceTypes.Nodes, new ObjectKey("", name), Token);

    public Task<T> PatchAsync<T>(ResourceType type, string ns, string name, string patch)
        where T : IKubernetesObject<V1ObjectMeta> => Objects.PatchAsync<T>(type, new ObjectKey(ns, name), JsonNode.Parse(patch)!.AsObject(), Token);

    public async Task<V1Namespace> NamespaceAsync(string name)
    {
        var made = await Objects.CreateAsync(ResourceTypes.Namespaces, Make.Namespace(name), Token);
        await UntilAsync("default ServiceAccount", async () => await FindAsync<V1ServiceAccount>(ResourceTypes.ServiceAccounts, name, "default") is not null);
        return made;
    }

    /// <summary>A Pod as a person would make it.</summary>
    public Task<V1Pod> PodAsync(string name, string app, Action<V1Pod>? with = null)
    {
        var pod = Make.Pod(name, "demo", p =>
        {
            (p.Metadata.Uid, p.Metadata.CreationTimestamp) = (null, null);
            p.Metadata.Labels = new Dictionary<string, string> { ["app"] = app };
            with?.Invoke(p);
        });
        return Objects.CreateAsync(ResourceTypes.Pods, pod, Token);
    }

    public static V1Deployment Deployment(string name, int replicas) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "demo" },
        Spec = new V1DeploymentSpec
        {
            Replicas = replicas,
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "sctp" } },
            Template = new V1PodTemplateSpec
            {
                Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "sctp" } },
                Spec = new V1PodSpec { Containers = [new V1Container { Name = "c", Image = "ubi8/ubi" }] },
            },
        },
    };

    public async Task UntilAsync(string words, Func<Task<bool>> what)
    {
        var limit = Stopwatch.GetTimestamp();
        while (!await what())
        {
            if (_running.FirstOrDefault(r => r.IsFaulted) is { } broken)
            {
                await broken;
            }

            Assert.True(Stopwatch.GetElapsedTime(limit) < TimeSpan.FromSeconds(60), $"not within 60 s: {words}\n{string.Join('\n', _log.Last(20))}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
        }

        TestContext.Current.SendDiagnosticMessage($"{words}: {Stopwatch.GetElapsedTime(limit).TotalMilliseconds:f0} ms");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        Assert.Null(_log.Broke);
        Admin.Dispose();
        _own.Dispose();
        _stop.Dispose();
        await _api.DisposeAsync();
    }
}
