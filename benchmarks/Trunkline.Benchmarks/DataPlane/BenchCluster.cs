using System.Net;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>A cluster made up for measuring; tells what changed as the node's view of a real one does.</summary>
internal sealed class BenchCluster : IClusterSource
{
    public const string NodeName = "worker-0";
    private readonly Dictionary<string, ServiceState> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PodRecord> _pods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NetworkPolicy> _policies = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changedServices = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changedPods = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changedPolicies = new(StringComparer.Ordinal);
    private bool _isWhole = true;

    public IReadOnlyDictionary<string, PodRecord> Pods => _pods;

    /// <summary>An SCTP Service at 172.30.0.0/16, its endpoints in slices of at most a hundred.</summary>
    public static ServiceState Service(int number, IReadOnlyList<IPAddress> endpoints, int port = 38412) => new(
        new ServiceRecord("bench", $"service-{number}")
        {
            ClusterIps = [Address(172, 30, number + 256)],
            Ports = [new ServiceRecordPort("ngap", TransportProtocol.Sctp, port, null)],
        },
        [.. endpoints.Chunk(100).Select(chunk => new SliceRecord("bench", $"service-{number}")
        {
            Ports = [new SlicePort("ngap", TransportProtocol.Sctp, 30102)],
            Endpoints = [.. chunk.Select(address => new SliceEndpoint(address, true, NodeName))],
        })]);

    /// <summary>The n-th address behind a.b.0.0.</summary>
    public static IPAddress Address(int a, int b, int number) => new([(byte)a, (byte)(b + (number >> 16)), (byte)(number >> 8), (byte)number]);

    public static IPAddress Endpoint(int number) => Address(10, 128, number + 512);

    public void Set(ServiceState service)
    {
        var key = $"{service.Service.Namespace}/{service.Service.Name}";
        _services[key] = service;
        _changedServices.Add(key);
    }

    public void Set(PodRecord pod)
    {
        _pods[pod.Uid] = pod;
        _changedPods.Add(pod.Uid);
    }

    public void Set(NetworkPolicy policy)
    {
        _policies[$"{policy.Namespace}/{policy.Name}"] = policy;
        _changedPolicies.Add($"{policy.Namespace}/{policy.Name}");
    }

    public ClusterDelta Take()
    {
        if (_isWhole)
        {
            _changedServices.UnionWith(_services.Keys);
            _changedPods.UnionWith(_pods.Keys);
            _changedPolicies.UnionWith(_policies.Keys);
        }

        var delta = new ClusterDelta(new Lazy<PolicyCluster>(() => new PolicyCluster([], _pods.Values.Select(pod => pod.Pod), _policies.Values)))
        {
            IsWhole = _isWhole,
            Nodes = _isWhole ? [new NodeRecord(NodeName, [IPAddress.Parse("192.168.126.11")], [IPNetwork.Parse("10.128.0.0/14")])] : null,
            Services = [.. _changedServices.Select(key => new Change<ServiceState>(key, _services.GetValueOrDefault(key)))],
            Pods = [.. _changedPods.Select(key => new Change<PodRecord>(key, _pods.GetValueOrDefault(key)))],
            Policies = [.. _changedPolicies.Select(key => new Change<NetworkPolicy>(key, _policies.GetValueOrDefault(key)))],
            Namespaces = _isWhole ? [new Change<PolicyNamespace>("/bench", new PolicyNamespace("bench", new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = "bench" }))] : [],
        };
        _changedServices.Clear();
        _changedPods.Clear();
        _changedPolicies.Clear();
        _isWhole = false;
        return delta;
    }

    public void Reset() => _isWhole = true;
}
