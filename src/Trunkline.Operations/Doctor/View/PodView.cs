using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Doctor.View;

/// <summary>A Pod, or the template of a workload of which no Pod was read, as the checks see it.</summary>
internal sealed class PodView
{
    private readonly JsonObject? _status;

    /// <param name="source">The Pod, or the workload.</param>
    /// <param name="metadata">The Pod's or the template's metadata.</param>
    /// <param name="spec">The Pod's or the template's spec.</param>
    /// <param name="isTemplate">Whether it is a template.</param>
    public PodView(ClusterObject source, JsonNode? metadata, JsonNode? spec, bool isTemplate)
    {
        (Source, IsTemplate, Spec, Metadata) = (source, isTemplate, spec as JsonObject, metadata as JsonObject);
        _status = isTemplate ? null : source.Status;
        Labels = Map(metadata.Field("labels"));
        Containers = [.. spec.Field("containers").Objects().Select(container => new ContainerView(container))];
        Ports = [.. Containers.SelectMany(container => container.Ports)];
        Addresses = [.. AddressesOf(_status)];
        SpeaksSctp = Ports.Any(port => port.Protocol == "SCTP") || Containers.Any(container => container.SpeaksSctp);
    }

    public ClusterObject Source { get; }

    public bool IsTemplate { get; }

    public JsonObject? Spec { get; }

    public JsonObject? Metadata { get; }

    public string Namespace => Source.Namespace ?? "default";

    public string Name => Source.Name;

    public string Title => Source.Title;

    public IReadOnlyDictionary<string, string> Labels { get; }

    public IReadOnlyList<ContainerView> Containers { get; }

    /// <summary>All ports that its containers declare.</summary>
    public IReadOnlyList<PortView> Ports { get; }

    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Whether it declares a port for SCTP or runs a program that is known to speak it.</summary>
    public bool SpeaksSctp { get; }

    public IEnumerable<int> SctpPorts => Ports.Where(port => port.Protocol == "SCTP").Select(port => port.Number).Distinct();

    public string? NodeName => Spec.Field("nodeName").AsText();

    public bool HostNetwork => Spec.Field("hostNetwork").IsTrue();

    public string? Phase => _status.Field("phase").AsText();

    public bool IsOver => Phase is "Succeeded" or "Failed";

    public bool IsRunning => Phase == "Running" && Metadata.Field("deletionTimestamp") is null;

    /// <summary>The Ready condition; null where the Pod has none.</summary>
    public bool? Ready => _status.Field("conditions").Objects().FirstOrDefault(condition => condition["type"].AsText() == "Ready")?["status"].AsText() switch
    {
        "True" => true,
        null => null,
        _ => false,
    };

    /// <summary>What its containers are waiting for or ended of, one line each.</summary>
    public IEnumerable<string> Troubles =>
        from container in _status.Field("containerStatuses").Objects()
        where !container["ready"].IsTrue()
        let state = container["state"].Field("waiting") ?? container["state"].Field("terminated")
        select $"container {container["name"].AsText()}: not ready{Because(state)}{Because(container["lastState"].Field("terminated"))}, {container["restartCount"].AsNumber() ?? 0} restarts";

    /// <summary>Networks beside the cluster's own that Multus gives it; empty without the annotation.</summary>
    public string? ExtraNetworks => Metadata.Field("annotations").Field("k8s.v1.cni.cncf.io/networks").AsText() is { } text && text.Trim() is { Length: > 0 } and not "[]" ? text.Trim() : null;

    /// <summary>The controller: kind and name; null for a Pod of its own.</summary>
    public (string Kind, string Name)? Controller => Metadata.Field("ownerReferences").Objects().FirstOrDefault(owner => owner["controller"].IsTrue()) is { } owner
        ? (owner["kind"].AsText() ?? "", owner["name"].AsText() ?? "")
        : null;

    internal static IReadOnlyDictionary<string, string> Map(JsonNode? node)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in node as JsonObject ?? [])
        {
            if (value.AsText() is { } text)
            {
                map[key] = text;
            }
        }

        return map;
    }

    private static List<string> AddressesOf(JsonObject? status)
    {
        var all = status.Field("podIPs").Objects().Select(item => item["ip"].AsText()).OfType<string>().ToList();
        return all.Count > 0 ? all : status.Field("podIP").AsText() is { Length: > 0 } one ? [one] : [];
    }

    private static string Because(JsonNode? state) => (state.Field("reason").AsText(), state.Field("message").AsText()) switch
    {
        (null, null) => "",
        ({ } reason, null) => $" ({reason})",
        (var reason, { } message) => $" ({reason}: {message.Trim()})",
    };
}
