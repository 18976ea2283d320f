using System.Globalization;
using System.Net;
using System.Text;
using k8s.Models;
using Trunkline.Node.Agent.Watching;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Services;

/// <summary>From the API's Services and EndpointSlices to the few facts that are kept of them.</summary>
internal static class ServiceReader
{
    /// <summary><c>ports</c>: pick the endpoint by the SCTP ports alone.</summary>
    public const string HashAnnotation = "trunkline.dev/sctp-hash";
    private const string OtherProxyLabel = "service.kubernetes.io/service-proxy-name", HeadlessLabel = "service.kubernetes.io/headless";
    private const int DefaultAffinitySeconds = 10800;

    public static ServiceRecord Of(V1Service service)
    {
        var spec = service.Spec ?? new V1ServiceSpec();
        var record = new ServiceRecord(SharedText.Of(service.Metadata.NamespaceProperty ?? ""), service.Metadata.Name ?? "") { Uid = Guid.TryParse(service.Metadata.Uid, out var uid) ? uid : default };
        if (spec.Type == "ExternalName" || Has(service.Metadata, OtherProxyLabel))
        {
            return record;
        }

        return record with
        {
            ClusterIps = Addresses(spec.ClusterIPs is { Count: > 0 } many ? many : [spec.ClusterIP ?? ""]),
            ExternalIps = Addresses(spec.ExternalIPs),
            LoadBalancerIps = spec.Type == "LoadBalancer"
                ? Addresses((service.Status?.LoadBalancer?.Ingress ?? []).Where(ingress => ingress.IpMode != "Proxy").Select(ingress => ingress.Ip))
                : [],
            SourceRanges = SourceRanges(service, spec),
            Ports = [.. (spec.Ports ?? []).SelectMany(Port)],
            ExternalLocal = spec.ExternalTrafficPolicy == "Local",
            InternalLocal = spec.InternalTrafficPolicy == "Local",
            AffinitySeconds = spec.SessionAffinity == "ClientIP" ? spec.SessionAffinityConfig?.ClientIP?.TimeoutSeconds ?? DefaultAffinitySeconds : null,
            HashesPorts = service.Metadata.Annotations is { } annotations && annotations.TryGetValue(HashAnnotation, out var hash) && hash == "ports",
            HealthCheckNodePort = spec is { Type: "LoadBalancer", ExternalTrafficPolicy: "Local", HealthCheckNodePort: > 0 } ? spec.HealthCheckNodePort : null,
        };
    }

    public static SliceRecord Of(V1EndpointSlice slice) => new(
        SharedText.Of(slice.Metadata.NamespaceProperty ?? ""),
        slice.Metadata.Labels is { } labels && labels.TryGetValue("kubernetes.io/service-name", out var service) ? service : "")
    {
        Ports = Has(slice.Metadata, HeadlessLabel) ? [] : [.. (slice.Ports ?? []).SelectMany(SlicePort)],
        Endpoints = slice.AddressType == "FQDN" || Has(slice.Metadata, HeadlessLabel) ? [] : [.. (slice.Endpoints ?? []).SelectMany(Endpoints)],
    };

    private static IEnumerable<SliceEndpoint> Endpoints(V1Endpoint endpoint)
    {
        var ready = endpoint.Conditions?.Ready ?? true;
        return Addresses(endpoint.Addresses).Select(address => new SliceEndpoint(address, ready, SharedText.Of(endpoint.NodeName))
        {
            Serving = endpoint.Conditions?.Serving ?? ready,
            Terminating = endpoint.Conditions?.Terminating ?? false,
            Pod = Pod(endpoint.TargetRef),
        });
    }

    private static ulong Pod(V1ObjectReference? target) => target is { Kind: "Pod" }
        ? StableHash.Of(Encoding.UTF8.GetBytes(target.Uid is { Length: > 0 } uid ? uid : $"{target.NamespaceProperty}/{target.Name}"))
        : 0;

    private static IReadOnlyList<IPNetwork>? SourceRanges(V1Service service, V1ServiceSpec spec)
    {
        if (spec.Type != "LoadBalancer" || spec.LoadBalancerSourceRanges is not { Count: > 0 } ranges)
        {
            return null;
        }

        return [.. ranges.Select(Range).OfType<IPNetwork>()];
    }

    // "192.168.126.200/24" is a range to Kubernetes (whose validation only warns of it) as to Go's net.ParseCIDR: bits of the host are passed over.
    private static IPNetwork? Range(string text)
    {
        var parts = text.Trim().Split('/');
        if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out var address)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > address.GetAddressBytes().Length * 8)
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }

    private static bool Has(V1ObjectMeta metadata, string label) => metadata.Labels?.ContainsKey(label) ?? false;

    private static IPAddress[] Addresses(IEnumerable<string?>? texts) =>
        [.. (texts ?? []).Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>()];

    private static IEnumerable<ServiceRecordPort> Port(V1ServicePort port) => Protocols.Parse(port.Protocol) is { } protocol
        ? [new ServiceRecordPort(SharedText.Of(port.Name ?? ""), protocol, port.Port, port.NodePort is > 0 ? port.NodePort : null)]
        : [];

    private static IEnumerable<SlicePort> SlicePort(Discoveryv1EndpointPort port) =>
        Protocols.Parse(port.Protocol) is { } protocol && port.Port is { } number ? [new SlicePort(SharedText.Of(port.Name ?? ""), protocol, number)] : [];
}
