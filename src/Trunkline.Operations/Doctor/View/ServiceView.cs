using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Doctor.View;

/// <summary>A Service with the Pods that it selects.</summary>
internal sealed class ServiceView
{
    public ServiceView(ClusterObject source, IReadOnlyList<PodView> pods, IReadOnlyList<ClusterObject> slices)
    {
        (Source, Pods, Slices) = (source, pods, slices);
        Selector = PodView.Map(source.Spec.Field("selector"));
        Ports = [.. source.Spec.Field("ports").Objects().Select(Port).OfType<ServicePortView>()];
        SctpPorts = [.. Ports.Where(port => port.Protocol == "SCTP")];
    }

    public ClusterObject Source { get; }

    public string Namespace => Source.Namespace ?? "default";

    public string Title => Source.Title;

    public IReadOnlyDictionary<string, string> Selector { get; }

    public IReadOnlyList<ServicePortView> Ports { get; }

    public IReadOnlyList<ServicePortView> SctpPorts { get; }

    /// <summary>The Pods (and templates) that its selector matches and that are not over.</summary>
    public IReadOnlyList<PodView> Pods { get; }

    public IReadOnlyList<ClusterObject> Slices { get; }

    /// <summary>ClusterIP where nothing is written.</summary>
    public string Type => Source.Spec.Field("type").AsText() ?? "ClusterIP";

    public bool IsHeadless => Source.Spec.Field("clusterIP").AsText() == "None";

    public bool IsExternal => Type is "NodePort" or "LoadBalancer";

    public string TrafficPolicy => Source.Spec.Field("externalTrafficPolicy").AsText() ?? "Cluster";

    public IEnumerable<string> ClusterAddresses => ContainerView.Texts(Source.Spec.Field("clusterIPs")).Append(Source.Spec.Field("clusterIP").AsText() ?? "").Where(ip => ip is not "" and not "None").Distinct();

    /// <summary>Whether anything about it is SCTP: its own ports, or those of its Pods to which it leads.</summary>
    public bool IsSctp => SctpPorts.Count > 0;

    private static ServicePortView? Port(JsonObject port)
    {
        if (port["port"].AsNumber() is not (>= 1 and <= 65535 and var number))
        {
            return null;
        }

        var protocol = port["protocol"].AsText();
        var name = port["targetPort"].AsText();
        var target = port["targetPort"].AsNumber() is >= 1 and <= 65535 and var written ? (int)written : (int?)null;
        if (target is null && int.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out var quoted))
        {
            (target, name) = (quoted, null);
        }

        return new ServicePortView(port["name"].AsText(), (int)number, string.IsNullOrEmpty(protocol) ? "TCP" : protocol, !string.IsNullOrEmpty(protocol),
            name is null ? target ?? (int)number : null, name, port["nodePort"].AsNumber() is > 0 and <= 65535 and var node ? (int)node : null);
    }
}
