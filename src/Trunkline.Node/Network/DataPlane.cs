using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Agent.Events;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Network.Balancers;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Links;
using Trunkline.Node.Network.Netlink;
using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Sctp;
using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network;

/// <summary>
/// A node's network: cables of Pods, routes, Services and NetworkPolicies in the kernel of the namespace the agent runs in. What an earlier agent left in the
/// kernel stays in force until this one knows the whole cluster; known flows are never flushed.
/// </summary>
public sealed class DataPlane : IDataPlane, IPodNetwork
{
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ClusterView _view;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConntrackNetlink _conntrack = new();
    private readonly ElementSocket _elements = new();
    private ServiceDuties? _duties;
    private Synchronizer? _synchronizer;
    private PolicyFreshness? _freshness;
    private RackAnnouncer? _announcer;
    private Task _work = Task.CompletedTask;

    /// <param name="logger">Where failures and changes are told.</param>
    /// <param name="time">Clock of delays.</param>
    public DataPlane(ILogger<DataPlane> logger, TimeProvider time)
    {
        (_logger, _time) = (logger, time);
        _view = new ClusterView(() => _synchronizer?.Signal());
    }

    /// <inheritdoc/>
    public Task StartAsync(IKubernetes client, NodeConfig config, CancellationToken cancellationToken)
    {
        if (client is not Kubernetes direct)
        {
            throw new ArgumentException("the data plane reads raw watches and needs the client itself", nameof(client));
        }

        NodeRoutes.PrepareNode();
        var network = new NodeNetwork(config.NodeName, IPAddress.Parse(config.NodeIp))
        {
            NodeAddress6 = config.Addresses.Select(IPAddress.Parse).FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetworkV6),
        };
        var synchronizer = new Synchronizer(network, _view, new NftProcess(["nft"], _elements, _time), _conntrack, NodeRoutes.Repair, _time, _logger,
            changes => _duties?.Apply(changes), delta => _announcer?.Post(delta));
        var announcer = new RackAnnouncer(
            network.NodeName, wanted => RackAnswers.Apply(network, wanted), addresses => RackAnswers.Announce(network, addresses), _time, _logger);
        _announcer = announcer;
        var events = new EventRecorder(client, config.NodeName, _time, _logger);
        var duties = new ServiceDuties(network, _conntrack, () => synchronizer.IsInForce, notice => Tell(events, notice), _time, _logger);
        _duties = duties;
        _freshness = _view.Freshness((path, cancellation) => ReadAsync(direct, path, cancellation), _time);
        _synchronizer = synchronizer;
        _work = Task.WhenAll(
            Keep("the keeping of rules", synchronizer.RunAsync),
            Keep("the keeping of flows", duties.RunAsync),
            Keep("the telling of events", events.RunAsync),
            Keep("the answering on the rack", announcer.RunAsync),
            Keep("the watching of the cluster", stop => _view.RunAsync(direct, _time, _logger, stop)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task EnsurePodAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var synchronizer = _synchronizer ?? throw new InvalidOperationException("the data plane has not been started");
        _view.Announce(Records.Of(pod));
        if (pod.Spec.HostNetwork != true)
        {
            await _freshness!.WaitAsync(pod.Metadata.NamespaceProperty, cancellationToken);
        }

        await synchronizer.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task AttachAsync(string podUid, string netnsPath, IReadOnlyList<IPAddress> podIps, CancellationToken cancellationToken) =>
        Task.Run(() => PodLinks.Attach(podUid, netnsPath, podIps), cancellationToken);

    /// <inheritdoc/>
    public async Task DetachAsync(string podUid, CancellationToken cancellationToken)
    {
        // The Pod is known by its link and by its announcement: where an earlier try took the link away and failed afterwards, the announcement is left.
        var linked = await Task.Run(() => PodLinks.Detach(podUid), cancellationToken);
        foreach (var flow in linked.Union(_view.AnnouncedAddresses(podUid)).SelectMany(StaleFlows.FiltersOf).SelectMany(_conntrack.List))
        {
            _conntrack.Remove(flow);
        }

        _view.Withdraw(podUid);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _duties?.Dispose();
        _conntrack.Dispose();
        _elements.Dispose();
        _stop.Dispose();
    }

    private Task Keep(string duty, Func<CancellationToken, Task> work) => Task.Run(
        () => Kept.RunAsync(work, exception => DataPlaneLog.DutyFailed(_logger, duty, exception), _time, _stop.Token), CancellationToken.None);

    private static async Task<JsonDocument?> ReadAsync(Kubernetes client, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, path));
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await client.HttpClient.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
    }

    private static void Tell(EventRecorder events, AddressNotice notice) =>
        events.ForService(notice.Service.Namespace, notice.Service.Name, notice.Service.Uid.ToString(), "Warning", "SctpAddressesNotTranslated", notice.Message, notice.Times);
}
