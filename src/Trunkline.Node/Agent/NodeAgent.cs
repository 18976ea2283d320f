using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Agent.Events;
using Trunkline.Node.Agent.Registration;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.MachineConfig;
using Trunkline.Node.Network;
using Trunkline.Node.Network.Secondary;
using Trunkline.Node.Pods.Networks;
using Trunkline.Node.Pods;
using Trunkline.Node.Pods.Probes;
using Trunkline.Node.Pods.State;
using Trunkline.Node.Pods.Status;
using Trunkline.Node.Pods.Variables;
using Trunkline.Node.Pods.Volumes;
using Trunkline.Node.Runtime;
using Trunkline.Node.Runtime.Processes;
using Trunkline.Node.Streaming;

namespace Trunkline.Node.Agent;

/// <summary>A node's agent: registers the node, runs its Pods, serves logs and exec, and keeps its machine configuration.</summary>
public static class NodeAgent
{
    /// <summary>
    /// Runs until cancelled. Containers, network and policies stay as they are when it ends; the next agent goes on with them.
    /// </summary>
    public static async Task RunAsync(NodeConfig config, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        AgentJson.Register();
        await using var dataPlane = new DataPlane(loggers.CreateLogger<DataPlane>(), time);
        await RunAsync(config, dataPlane, dataPlane, new NodePaths(), new MachineRoot("/"), loggers, time, cancellationToken);
    }

    internal static async Task RunAsync(NodeConfig config, IPodNetwork podNetwork, IDataPlane dataPlane, NodePaths paths, MachineRoot machine, ILoggerFactory loggers,
        TimeProvider time, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var logger = loggers.CreateLogger("agent");
        using var client = ClusterConnection.Open(config);
        var monitor = new ContainerMonitor(paths);
        Directory.CreateDirectory(paths.Pods);
        var runtime = await Command.MustAsync(["runc", "--version"], cancellationToken);
        var facts = NodeFacts.Read(paths.BootIdFile, paths.Pods, "runc://" + runtime.Split('\n')[0].Split(' ')[^1]);
        var events = new EventRecorder(client, config.NodeName, time, logger);
        using var registrar = new NodeRegistrar(config, facts, paths, client, events, time, logger);
        var services = new ServiceCache();
        var registry = new SctpRegistry(paths);
        registry.Add(SctpRegistry.Host, "/proc/1/ns/net", config.Addresses);

        PodManager? manager = null;
        using var handlers = new HandlerRunner(monitor);
        var configuration = new ConfigurationSource(client);
        var environment = new ContainerEnvironment(configuration, services, config.Addresses, facts.Capacity);
        var streams = new ContainerStreams((podNamespace, name) => Volatile.Read(ref manager)?.Find(podNamespace, name), monitor, paths, time);
        await using var server = await KubeletServer.StartAsync(config, streams, () => Volatile.Read(ref manager)?.Pods() ?? [], loggers, cancellationToken);

        List<Task> running = [events.RunAsync(stop.Token)];
        await registrar.RegisterAsync(cancellationToken);
        running.Add(registrar.RunAsync(stop.Token));
        running.Add(Watch<V1Node>(client, "api/v1/nodes", $"metadata.name={config.NodeName}", registrar, time, logger).RunAsync(stop.Token));
        running.Add(Watch<V1Service>(client, "api/v1/services", null, services, time, logger).RunAsync(stop.Token));
        using var daemon = new MachineConfigDaemon(config, client, registrar, new MachineState(machine, time), paths, facts.BootId, events, time, loggers.CreateLogger("mcd"));
        running.Add(daemon.RunAsync(stop.Token));
        await dataPlane.StartAsync(client, config, cancellationToken);

        var podCidrs = await registrar.PodCidrs.WaitAsync(cancellationToken);
        var addresses = new PodAddresses(podCidrs);
        using var links = new SecondaryLinks();
        await using var policies = new SecondaryPolicies(client, config.NodeName, time, loggers.CreateLogger("networks"));
        var networks = new PodNetworks(client, links, policies, new HostLocal(paths.NetworkAddresses), loggers.CreateLogger("networks"));
        var tools = Tools(config, networks, podNetwork, dataPlane, paths, client, monitor, registry, addresses, configuration, environment, facts, handlers, events, time, loggers);
        using var pods = new PodManager(tools, addresses, facts.BootId, () => registrar.Node, stop.Token);
        Volatile.Write(ref manager, pods);
        var ranges = string.Join(" and ", podCidrs);
        AgentLog.TakesPods(logger, config.NodeName, ranges);
        running.Add(Watch<V1Pod>(client, "api/v1/pods", $"spec.nodeName={config.NodeName}", pods, time, logger).RunAsync(stop.Token));

        try
        {
            // Whichever ends first ends the agent: init starts it again, and it finds its Pods.
            await await Task.WhenAny(running);
        }
        finally
        {
            AgentLog.Stops(logger);
            await stop.CancelAsync();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await pods.StoppedAsync();
        }
    }

    private static ResourceWatch<T> Watch<T>(Kubernetes client, string path, string? fieldSelector, IWatchSink<T> sink, TimeProvider time, ILogger logger)
        where T : IKubernetesObject<V1ObjectMeta> => new(client, path, fieldSelector, sink, time, logger);

    private static PodTools Tools(NodeConfig config, PodNetworks networks, IPodNetwork podNetwork, IDataPlane dataPlane, NodePaths paths, Kubernetes client, ContainerMonitor monitor, SctpRegistry registry,
        PodAddresses addresses, ConfigurationSource configuration, ContainerEnvironment environment, NodeFacts facts, HandlerRunner handlers, EventRecorder events,
        TimeProvider time, ILoggerFactory loggers)
    {
        var tokens = new TokenSource(client, time);
        var content = new VolumeContent(configuration, tokens, config, facts.Capacity);
        var volumes = new PodVolumes(paths, content, config, time);
        var sandbox = new PodSandbox(config, paths, new SandboxNamespaces(paths), addresses, podNetwork, registry, networks);
        var logger = loggers.CreateLogger("pods");
        return new PodTools(config, client, paths, new PodStore(paths, logger), sandbox, monitor,
            new ContainerLauncher(config, paths, sandbox, volumes, environment, monitor, time), volumes, tokens, handlers,
            new PodStatusBuilder(config.Addresses, config.ImageId), dataPlane, events, time, logger);
    }
}
