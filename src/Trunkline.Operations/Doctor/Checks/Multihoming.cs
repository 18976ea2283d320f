using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>Servers with several addresses behind one translated address.</summary>
internal sealed class Multihoming : IDoctorCheck
{
    public static readonly RuleInfo BehindService = new("DOC050", "multihomed-behind-service", Severity.Warning, "A Pod with several networks serves SCTP through a Service.",
        "An SCTP endpoint names all of its addresses in INIT and INIT ACK. The Service translates one of them; the peer sends HEARTBEATs to the others, where they are dropped or answered by an ABORT, and the association dies after seconds. Bind the server to one address, or let peers use the secondary network without a Service.",
        "RFC 9260 section 5.1.2; loxilb debugging, usrsctp#499, k8s#79481");

    public static readonly RuleInfo Affinity = new("DOC051", "affinity-on-multihomed", Severity.Warning, "A Service with session affinity serves Pods with several networks.",
        "Affinity goes by one source address. Paths of one association come from several, so they can reach different Pods, which know nothing of the association.", "cluster.md 1.4; k8s#104659");

    public IReadOnlyList<RuleInfo> Rules { get; } = [BehindService, Affinity];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.Service, ResourceKinds.Pod];

    public IEnumerable<Diagnosis> Look(ClusterView view)
    {
        foreach (var service in view.Services.Where(service => service is { IsSctp: true, IsHeadless: false }))
        {
            var several = service.Pods.FirstOrDefault(pod => pod.ExtraNetworks is not null && !pod.HostNetwork && !OneAddress(view, pod, service));
            if (several is null)
            {
                continue;
            }

            var affine = service.Source.Spec.Field("sessionAffinity").AsText() == "ClientIP";
            yield return new(affine ? Affinity : BehindService, service.Source, $"{service.Title} translates SCTP to {view.Owner(several).Title}, whose Pods have several networks{(affine ? ", and binds clients by one address" : "")}.")
            {
                Evidence = [$"{several.Title}: k8s.v1.cni.cncf.io/networks: {several.ExtraNetworks}", $"{service.Title}: {service.Type}{(affine ? ", sessionAffinity: ClientIP" : "")}, {Advice.List(service.SctpPorts.Select(port => port.Word))}"],
                Fix = $"Bind the server to the Pod's own address only (status.podIP), or have peers use the secondary network's address and no Service{(affine ? "; take sessionAffinity away" : "")}.",
                Concerns = [several.Title, view.Owner(several).Title],
            };
        }
    }

    // A server that was seen bound to the Pod's own address alone names no other in its INIT ACK.
    private static bool OneAddress(ClusterView view, PodView pod, ServiceView service)
    {
        var ports = service.SctpPorts.SelectMany(port => port.TargetsOn(pod)).ToHashSet();
        return view.Facts.Pod(pod.Namespace, pod.Name)?.Listeners is { } listeners && listeners.Where(listener => ports.Contains(listener.Port)).ToList() is { Count: > 0 } own
            && own.TrueForAll(listener => listener.Addresses.Count == 1 && pod.Addresses.Contains(listener.Addresses[0]));
    }
}
