using System.Net;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Services and slices as stories need them: Service <c>x/svc</c>, port 38412 (nodePort 31000 + protocol) to 30102, in all three protocols.</summary>
internal static class Given
{
    public const int Port = 38412, TargetPort = 30102;

    public static IReadOnlyList<TransportProtocol> Protocols { get; } = [TransportProtocol.Sctp, TransportProtocol.Tcp, TransportProtocol.Udp];

    public static IPAddress ClusterIp { get; } = IPAddress.Parse("172.30.0.10");

    public static int NodePort(TransportProtocol protocol) => 31000 + (int)protocol;

    public static ServiceRecord Service(string name = "svc", params string[] clusterIps) => new("x", name)
    {
        ClusterIps = clusterIps.Length == 0 ? [ClusterIp] : [.. clusterIps.Select(IPAddress.Parse)],
        Ports = [.. Protocols.Select(p => new ServiceRecordPort($"{p}", p, Port, NodePort(p)))],
    };

    public static SliceRecord Slice(params SliceEndpoint[] endpoints) => SliceOf("svc", TargetPort, endpoints);

    public static SliceRecord SliceOf(string service, int port, params SliceEndpoint[] endpoints) => new("x", service)
    {
        Ports = [.. Protocols.Select(p => new SlicePort($"{p}", p, port))],
        Endpoints = endpoints,
    };

    public static SliceEndpoint Here(Host pod) => new(pod.Address, true, TestNode.NodeName);

    public static SliceEndpoint Here6(Host pod) => new(pod.Address6!, true, TestNode.NodeName);

    public static SliceEndpoint There6(Host pod) => new(pod.Address6!, true, "worker-1");

    public static SliceEndpoint There(Host pod) => new(pod.Address, true, "worker-1");

    public static SliceEndpoint Ending(this SliceEndpoint endpoint) => endpoint with { Ready = false, Serving = true, Terminating = true };

    public static SliceEndpoint Unready(this SliceEndpoint endpoint) => endpoint with { Ready = false, Serving = false };
}
