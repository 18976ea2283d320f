using System.Globalization;
using System.Net;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Policies;

/// <summary>
/// Finds what people name as an end of a flow: <c>POD</c>, <c>NAMESPACE/POD</c>, <c>pod/POD</c>, <c>service/NAME</c>, <c>node/NAME</c> or an address.
/// </summary>
/// <param name="objects">What was read of the cluster.</param>
/// <param name="cluster">The same, as policies see it.</param>
/// <param name="ns">The namespace of names that have none.</param>
public sealed class FlowNames(ClusterObjects objects, PolicyCluster cluster, string ns)
{
    /// <summary>A source: a Pod, a node or an address.</summary>
    /// <exception cref="ClusterException">There is no such thing.</exception>
    public FlowEnd Source(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return FlowEnd.Of(address);
        }

        var (kind, space, name) = Split(text);
        return kind switch
        {
            "pod" => FlowEnd.Of(Pod(space, name)),
            "node" => FlowEnd.Of(NodeAddress(name)),
            "service" => throw new ClusterException($"{text}: a Service begins no flow; name the Pod, node or address that does."),
            _ => throw Unknown(text),
        };
    }

    /// <summary>Where a flow to a Pod, Service, node or address may end: of a Service, one for each of its endpoints.</summary>
    /// <param name="text">The destination.</param>
    /// <param name="port">Its port, a number or a name.</param>
    /// <param name="protocol">The protocol.</param>
    /// <exception cref="ClusterException">There is no such thing, or it has no such port.</exception>
    public IReadOnlyList<FlowTarget> Destinations(string text, string port, TransportProtocol protocol)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return ServiceAt(address) is { } service ? Endpoints(service, port, protocol) : [new FlowTarget(FlowEnd.Of(address), Number(text, port, null, protocol), null)];
        }

        var (kind, space, name) = Split(text);
        return kind switch
        {
            "pod" => [new FlowTarget(FlowEnd.Of(Pod(space, name)), Number(text, port, Pod(space, name), protocol), null)],
            "node" => [new FlowTarget(FlowEnd.Of(NodeAddress(name)), Number(text, port, null, protocol), null)],
            "service" => Endpoints(Service(space, name), port, protocol),
            _ => throw Unknown(text),
        };
    }

    private (string Kind, string Namespace, string Name) Split(string text)
    {
        var parts = text.Split('/');
        return parts switch
        {
            [var name] => ("pod", ns, name),
            ["pod" or "pods" or "po", var name] => ("pod", ns, name),
            ["service" or "services" or "svc", var name] => ("service", ns, name),
            ["node" or "nodes" or "no", var name] => ("node", "", name),
            [var space, var name] => ("pod", space, name),
            ["pod" or "pods" or "po", var space, var name] => ("pod", space, name),
            ["service" or "services" or "svc", var space, var name] => ("service", space, name),
            _ => throw Unknown(text),
        };
    }

    private PolicyPod Pod(string space, string name) => cluster.Pods.FirstOrDefault(pod => pod.Namespace == space && pod.Name == name)
        ?? throw new ClusterException($"there is no Pod {space}/{name}{Others(cluster.Pods.Where(pod => pod.Namespace == space).Select(pod => pod.Name))}");

    private ClusterObject Service(string space, string name) => objects.TryFind(ResourceKinds.Service, space, name, out var found)
        ? found
        : throw new ClusterException($"there is no Service {space}/{name}{Others(objects.Of(ResourceKinds.Service, space).Select(service => service.Name))}");

    private ClusterObject? ServiceAt(IPAddress address) => objects.Of(ResourceKinds.Service).FirstOrDefault(service =>
        (service.Spec.Field("clusterIPs") as System.Text.Json.Nodes.JsonArray ?? [service.Spec.Field("clusterIP").AsText()])
            .Any(text => IPAddress.TryParse(text.AsText(), out var own) && own.Equals(address)));

    private IPAddress NodeAddress(string name) => cluster.Nodes.FirstOrDefault(node => node.Name == name) is { } found
        ? found.Addresses.Count > 0 ? found.Addresses[0] : throw new ClusterException($"node {name} has no address")
        : throw new ClusterException($"there is no node {name}{Others(cluster.Nodes.Select(node => node.Name))}");

    private List<FlowTarget> Endpoints(ClusterObject service, string port, TransportProtocol protocol)
    {
        var ports = service.Spec.Field("ports").Objects().Where(item => Protocols.Parse(item["protocol"].AsText()) == protocol).ToList();
        var number = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : (int?)null;
        var own = ports.Find(item => number is null ? item["name"].AsText() == port : item["port"].AsNumber() == number)
            ?? throw new ClusterException($"{service.Title} has no {protocol.Upper()} port {port}{Others(ports.Select(item => $"{item["port"]}"))}");
        var named = own["name"].AsText() ?? "";
        var targets = new List<FlowTarget>();
        foreach (var slice in objects.Of(ResourceKinds.EndpointSlice, service.Namespace!).Where(slice => slice.Label("kubernetes.io/service-name") == service.Name))
        {
            var at = slice.Document["ports"].Objects().Where(item => (item["name"].AsText() ?? "") == named && Protocols.Parse(item["protocol"].AsText()) == protocol).Select(item => item["port"].AsNumber()).OfType<long>();
            var ready = slice.Document["endpoints"].Objects().Where(endpoint => endpoint["conditions"].Field("ready") is null || endpoint["conditions"].Field("ready").IsTrue());
            targets.AddRange(from target in at
                             from endpoint in ready
                             from text in (endpoint["addresses"] as System.Text.Json.Nodes.JsonArray ?? []).Select(item => item.AsText())
                             where IPAddress.TryParse(text, out _)
                             select new FlowTarget(FlowEnd.Of(IPAddress.Parse(text)), (int)target, $"{service.Title} port {own["port"]}"));
        }

        return targets.Count > 0 ? targets : throw new ClusterException($"{service.Title} has no ready endpoint at {protocol.Upper()} port {port}: whoever calls it is refused, whatever policies say.");
    }

    private static int Number(string what, string port, PolicyPod? pod, TransportProtocol protocol)
    {
        if (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65535)
        {
            return number;
        }

        return pod?.Ports.FirstOrDefault(declared => declared.Name == port && declared.Protocol == protocol)?.Number
            ?? throw new ClusterException($"{what} declares no {protocol.Upper()} port \"{port}\"; a port is a number from 1 to 65535 or a name that the Pod's containers declare.");
    }

    private static ClusterException Unknown(string text) => new($"\"{text}\" names no end of a flow; name a Pod (POD, NAMESPACE/POD), service/NAME, node/NAME or an address.");

    private static string Others(IEnumerable<string> names)
    {
        var some = names.Take(6).ToList();
        return some.Count == 0 ? "." : $"; there is {string.Join(", ", some.Take(5))}{(some.Count > 5 ? " and more" : "")}.";
    }
}
