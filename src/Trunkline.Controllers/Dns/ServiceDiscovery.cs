using System.Globalization;
using System.Net;
using System.Net.Sockets;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Endpoints;

namespace Trunkline.Controllers.Dns;

/// <summary>
/// What a cluster's DNS says: Services, EndpointSlices and Pods → records ("Kubernetes DNS-Based Service Discovery", schema version 1.1.0). Pure. Two zones: the
/// cluster's domain, and the root with addresses in reverse; as the server answers for the root too, every name outside the cluster does not exist, said at once
/// and by nobody beyond the lab.
/// </summary>
internal static class ServiceDiscovery
{
    private const string SchemaVersion = "1.1.0";

    public static IReadOnlyList<DnsZone> Zones(
        ClusterDnsOptions options, IEnumerable<V1Service> services, IEnumerable<V1EndpointSlice> slices, IEnumerable<V1Pod> pods)
    {
        var zone = $"{options.Domain}.";
        var forward = new SortedSet<DnsRecord>(s_order);
        var reverse = new SortedSet<DnsRecord>(s_order);
        AddServer(forward, reverse, options, zone);
        var slicesOf = slices.Where(slice => slice.Label(ServiceLabels.ServiceName) is not null)
            .ToLookup(slice => new ObjectKey(slice.Metadata.NamespaceProperty, slice.Label(ServiceLabels.ServiceName)!));
        foreach (var service in services.Where(service => DnsName.IsLabel(service.Metadata.Name) && DnsName.IsLabel(service.Metadata.NamespaceProperty)))
        {
            AddService(forward, reverse, service, slicesOf[service.Key()], $"{service.Metadata.Name}.{service.Metadata.NamespaceProperty}.svc.{zone}");
        }

        foreach (var pod in pods.Where(pod => !pod.IsFinished()))
        {
            AddPod(forward, pod, zone);
        }

        var server = $"ns.dns.{zone}";
        var mailbox = $"hostmaster.{zone}";
        return [new DnsZone(options.Domain, server, mailbox, Sound(forward)), new DnsZone("", server, mailbox, Sound(reverse))];
    }

    // One name that is none, and a server refuses its whole zone.
    private static IReadOnlyList<DnsRecord> Sound(SortedSet<DnsRecord> records) => [.. records.Where(record => record.Name == "." || DnsName.IsName(record.Name))];

    private static readonly Comparer<DnsRecord> s_order = Comparer<DnsRecord>.Create((left, right) =>
        string.CompareOrdinal(left.Name, right.Name) is not 0 and var byName ? byName
        : string.CompareOrdinal(left.Type, right.Type) is not 0 and var byType ? byType
        : string.CompareOrdinal(left.Data, right.Data));

    private static void AddServer(SortedSet<DnsRecord> forward, SortedSet<DnsRecord> reverse, ClusterDnsOptions options, string zone)
    {
        var server = $"ns.dns.{zone}";
        forward.Add(new DnsRecord(zone, "NS", server));
        foreach (var address in Parsed(options.ServiceAddresses))
        {
            forward.Add(new DnsRecord(server, DnsName.RecordType(address), $"{address}"));
            reverse.Add(new DnsRecord(server, DnsName.RecordType(address), $"{address}")); // glue: below this zone's own name
        }

        forward.Add(new DnsRecord($"dns-version.{zone}", "TXT", $"\"{SchemaVersion}\""));
        reverse.Add(new DnsRecord(".", "NS", server));
    }

    private static void AddService(SortedSet<DnsRecord> forward, SortedSet<DnsRecord> reverse, V1Service service, IEnumerable<V1EndpointSlice> slices, string name)
    {
        if (service.Spec.Type == "ExternalName")
        {
            AddExternalName(forward, service, name);
            return;
        }

        if (service.Spec.ClusterIP == "None")
        {
            foreach (var slice in slices)
            {
                AddEndpoints(forward, reverse, slice, name);
            }

            return;
        }

        var addresses = ClusterAddresses(service);
        foreach (var address in addresses)
        {
            forward.Add(new DnsRecord(name, DnsName.RecordType(address), $"{address}"));
            reverse.Add(new DnsRecord(DnsName.Reverse(address), "PTR", name));
        }

        foreach (var port in addresses.Count > 0 ? service.Spec.Ports ?? [] : [])
        {
            AddPort(forward, port.Name, port.Protocol, port.Port, name, name);
        }
    }

    // Specification 2.5: a CNAME, and nothing else.
    private static void AddExternalName(SortedSet<DnsRecord> forward, V1Service service, string name)
    {
        if (DnsName.IsName(service.Spec.ExternalName))
        {
            forward.Add(new DnsRecord(name, "CNAME", $"{service.Spec.ExternalName.TrimEnd('.')}."));
        }
    }

    // Specification 2.4: each ready endpoint under the Service's name and under its own. publishNotReadyAddresses makes endpoints ready (EndpointSlice's rule).
    private static void AddEndpoints(SortedSet<DnsRecord> forward, SortedSet<DnsRecord> reverse, V1EndpointSlice slice, string service)
    {
        foreach (var endpoint in (slice.Endpoints ?? []).Where(endpoint => endpoint.Conditions?.Ready ?? true))
        {
            foreach (var address in Parsed(endpoint.Addresses))
            {
                var own = $"{(DnsName.IsLabel(endpoint.Hostname) ? endpoint.Hostname : DnsName.OfAddress(address))}.{service}";
                forward.Add(new DnsRecord(service, DnsName.RecordType(address), $"{address}"));
                forward.Add(new DnsRecord(own, DnsName.RecordType(address), $"{address}"));
                reverse.Add(new DnsRecord(DnsName.Reverse(address), "PTR", own));
                foreach (var port in slice.Ports ?? [])
                {
                    AddPort(forward, port.Name, port.Protocol, port.Port, service, own);
                }
            }
        }
    }

    // Specification 2.3.2: only ports that have a name. Priority and weight as CoreDNS gives them: one priority, equal shares. An EndpointSlice's port may have a name
    // of 63 characters, which with its underscore is no label any more: there can be no such record.
    private static void AddPort(SortedSet<DnsRecord> forward, string? port, string? protocol, int? number, string service, string target)
    {
        if (DnsName.Underscored(port) is { } name && DnsName.Underscored((protocol ?? "TCP").ToLowerInvariant()) is { } transport && number is { } value)
        {
            var owner = $"{name}.{transport}.{service}";
            forward.Add(new DnsRecord(owner, "SRV", string.Create(CultureInfo.InvariantCulture, $"0 100 {value} {target}")));
        }
    }

    private static void AddPod(SortedSet<DnsRecord> forward, V1Pod pod, string zone)
    {
        if (!DnsName.IsLabel(pod.Metadata.NamespaceProperty))
        {
            return;
        }

        var addresses = pod.Status?.PodIPs is { Count: > 0 } all ? all.Select(ip => ip.Ip) : pod.Status?.PodIP is { } only ? [only] : [];
        foreach (var address in Parsed(addresses))
        {
            forward.Add(new DnsRecord($"{DnsName.OfAddress(address)}.{pod.Metadata.NamespaceProperty}.pod.{zone}", DnsName.RecordType(address), $"{address}"));
        }
    }

    private static List<IPAddress> ClusterAddresses(V1Service service) =>
        Parsed(service.Spec.ClusterIPs is { Count: > 0 } all ? all : [service.Spec.ClusterIP]);

    private static List<IPAddress> Parsed(IEnumerable<string?>? addresses) =>
        [.. (addresses ?? []).Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>()
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork || address.ScopeId == 0)];
}
