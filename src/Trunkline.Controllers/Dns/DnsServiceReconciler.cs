using System.Globalization;
using System.Net;
using System.Net.Sockets;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Endpoints;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Dns;

/// <summary>
/// Keeps the ordinary, selector-less Service by which Pods reach the cluster's DNS, with its namespace and EndpointSlices: what is missing comes back, and what
/// was changed by hand is put right.
/// </summary>
internal sealed class DnsServiceReconciler(Cluster cluster, ClusterDnsOptions options) : IReconciler
{
    private const string Manager = "dns.trunkline.dev";
    private readonly ObjectKey _service = new(options.ServiceNamespace, options.ServiceName);

    public string Name => "dns-service";

    public int Workers => 1;

    public IReadOnlyList<IInformer> Needs => [cluster.Namespaces, cluster.Services, cluster.EndpointSlices];

    public void Subscribe(WorkQueue queue)
    {
        cluster.Namespaces.Store.Changed += (old, now) => AddIf(queue, (now ?? old)!.Metadata.Name == _service.Namespace);
        cluster.Services.Store.Changed += (old, now) => AddIf(queue, (now ?? old)!.Metadata.NamespaceProperty == _service.Namespace);
        cluster.EndpointSlices.Store.Changed += (old, now) => AddIf(queue, (now ?? old)!.Metadata.NamespaceProperty == _service.Namespace);
        queue.Add(_service);
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (cluster.Namespaces.Store.Get("", _service.Namespace) is not { } home)
        {
            home = await cluster.CreateAsync(
                cluster.Namespaces, new V1Namespace { Metadata = new V1ObjectMeta { Name = _service.Namespace } }, token).ConfigureAwait(false);
        }

        if (home.IsDeleting())
        {
            return null; // it comes back when it has gone
        }

        await ServiceAsync(token).ConfigureAwait(false);

        foreach (var address in options.ServerAddresses.Select(IPAddress.Parse))
        {
            await SliceAsync(address, token).ConfigureAwait(false);
        }

        return null;
    }

    private async Task ServiceAsync(CancellationToken token)
    {
        var want = Service();
        if (cluster.Services.Store.Get(_service) is not { } have)
        {
            TellWhoHasTheAddress();
            await cluster.CreateAsync(cluster.Services, want, token).ConfigureAwait(false);
        }
        else if (have.IsDeleting() || DnsServiceSpec.Same(have.Spec, want.Spec))
        {
            return;
        }
        else if (have.Spec.Type == "ExternalName" || have.Spec.ClusterIP != want.Spec.ClusterIP)
        {
            await cluster.DeleteAsync(cluster.Services, have, token).ConfigureAwait(false); // a ClusterIP cannot be changed: it comes back when this has gone
        }
        else
        {
            TellWhoHasTheAddress();
            var copy = ClusterClient.Copy(have);
            DnsServiceSpec.Put(copy.Spec, want.Spec);
            await cluster.ReplaceAsync(cluster.Services, copy, token).ConfigureAwait(false);
        }
    }

    // The API server refuses the address; whoever looks for the reason looks at the Service that has it.
    private void TellWhoHasTheAddress()
    {
        foreach (var other in cluster.Services.Store.All.Where(other => other.Key() != _service && (other.Spec.ClusterIPs ?? [other.Spec.ClusterIP]).Any(options.ServiceAddresses.Contains)))
        {
            var message = string.Create(CultureInfo.InvariantCulture,
                $"{string.Join(" and ", options.ServiceAddresses)} is where Pods ask for names: the cluster's DNS ({_service}) has no address until this Service is deleted");
            cluster.Events.Warning(other, "dns", "ClusterDnsAddressTaken", message);
            Log.ReconcileFailed(cluster.Logger, Name, other.Key(), message);
        }
    }

    private async Task SliceAsync(IPAddress address, CancellationToken token)
    {
        var want = Slice(address);
        if (cluster.EndpointSlices.Store.Get(want.Key()) is not { } have)
        {
            await cluster.CreateAsync(cluster.EndpointSlices, want, token).ConfigureAwait(false);
        }
        else if (!have.IsDeleting() && !Same(have, want))
        {
            var copy = ClusterClient.Copy(have);
            (copy.Endpoints, copy.Ports, copy.Metadata.Labels) = (want.Endpoints, want.Ports, want.Metadata.Labels);
            await cluster.ReplaceAsync(cluster.EndpointSlices, copy, token).ConfigureAwait(false);
        }
    }

    private V1Service Service() => new()
    {
        Metadata = new V1ObjectMeta { Name = _service.Name, NamespaceProperty = _service.Namespace, Labels = Labels() },
        Spec = new V1ServiceSpec
        {
            Type = "ClusterIP",
            ClusterIP = options.ServiceAddresses[0],
            ClusterIPs = [.. options.ServiceAddresses],
            IpFamilyPolicy = options.ServiceAddresses.Count > 1 ? "PreferDualStack" : "SingleStack",
            Ports =
            [
                new V1ServicePort { Name = "dns", Port = options.Port, Protocol = "UDP", TargetPort = options.Port },
                new V1ServicePort { Name = "dns-tcp", Port = options.Port, Protocol = "TCP", TargetPort = options.Port },
            ],
        },
    };

    private V1EndpointSlice Slice(IPAddress address)
    {
        var family = address.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
        var labels = Labels();
        labels[ServiceLabels.ServiceName] = _service.Name;
        labels[ServiceLabels.ManagedBy] = Manager;
        return new V1EndpointSlice
        {
            Metadata = new V1ObjectMeta { Name = $"{_service.Name}-{family.ToLowerInvariant()}", NamespaceProperty = _service.Namespace, Labels = labels },
            AddressType = family,
            Endpoints =
            [
                new V1Endpoint { Addresses = [$"{address}"], Conditions = new V1EndpointConditions { Ready = true, Serving = true, Terminating = false } },
            ],
            Ports =
            [
                new Discoveryv1EndpointPort { Name = "dns", Port = options.Port, Protocol = "UDP" },
                new Discoveryv1EndpointPort { Name = "dns-tcp", Port = options.Port, Protocol = "TCP" },
            ],
        };
    }

    // OpenShift's labels; k8s-app is what programs look for that know other clusters.
    private static Dictionary<string, string> Labels() => new() { ["dns.operator.openshift.io/owning-dns"] = "default", ["k8s-app"] = "kube-dns" };

    private static bool Same(V1EndpointSlice have, V1EndpointSlice want) =>
        have.Label(ServiceLabels.ServiceName) == want.Label(ServiceLabels.ServiceName)
        && have.Endpoints is [{ Addresses: [var address], Conditions.Ready: not false }] && address == want.Endpoints[0].Addresses[0]
        && (have.Ports ?? []).Select(port => (port.Name, port.Port, port.Protocol)).SequenceEqual(want.Ports.Select(port => (port.Name, port.Port, port.Protocol)));

    private void AddIf(WorkQueue queue, bool ours)
    {
        if (ours)
        {
            queue.Add(_service);
        }
    }
}
