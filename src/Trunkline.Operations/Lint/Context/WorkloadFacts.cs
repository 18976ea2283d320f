using System.Text.Json.Nodes;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Context;

/// <summary>A Pod, or what makes Pods: a Deployment, StatefulSet, DaemonSet, Job and their like.</summary>
public sealed class WorkloadFacts
{
    /// <summary>The annotation that names further networks (Multus).</summary>
    public const string Networks = "k8s.v1.cni.cncf.io/networks";

    private WorkloadFacts(LintDocument document, ManifestNode? metadata, ManifestNode spec)
    {
        (Document, Spec) = (document, spec);
        Labels = metadata?["labels"].Words() ?? NodeFacts.NoWords;
        Annotations = metadata?["annotations"].Words() ?? NodeFacts.NoWords;
        Containers = [.. spec["containers"].List().Where(container => container.Entries is not null)];
        Ports = [.. Containers.Concat(spec["initContainers"].List()).SelectMany(container => container["ports"].List().Where(port => port.Entries is not null).Select(port => new PortFacts(port, container)))];
        SctpPorts = [.. Ports.Where(port => port.IsSctp)];
    }

    /// <summary>The object.</summary>
    public LintDocument Document { get; }

    /// <summary>The spec of its Pods.</summary>
    public ManifestNode Spec { get; }

    /// <summary>The labels of its Pods.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>The annotations of its Pods.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; }

    /// <summary>The containers.</summary>
    public IReadOnlyList<ManifestNode> Containers { get; }

    /// <summary>The ports that its containers declare.</summary>
    public IReadOnlyList<PortFacts> Ports { get; }

    /// <summary>Those of SCTP.</summary>
    public IReadOnlyList<PortFacts> SctpPorts { get; }

    /// <summary>Whether its Pods are on several networks.</summary>
    public bool IsMultihomed => Annotations.TryGetValue(Networks, out var networks) && networks.Trim() is { Length: > 0 } text && !IsEmptyList(text);

    /// <summary>Whether where it runs is left wholly to the scheduler.</summary>
    public bool IsUnplaced => !Spec.Has("nodeName") && !Spec.Has("nodeSelector") && !Spec.Has("affinity") && !Spec.Has("topologySpreadConstraints");

    /// <summary>The workload that a document is; null when it is none.</summary>
    public static WorkloadFacts? Of(LintDocument document)
    {
        var spec = document.Spec;
        if (document is { Kind: "Pod", Group: "" })
        {
            return spec?.Entries is null ? null : new WorkloadFacts(document, document.Metadata, spec);
        }

        var template = spec?["template"] ?? spec?.At("jobTemplate", "spec", "template");
        return template?["spec"] is { Entries: not null } made && made["containers"] is not null ? new WorkloadFacts(document, template["metadata"], made) : null;
    }

    private static bool IsEmptyList(string text)
    {
        try
        {
            return text[0] == '[' && JsonNode.Parse(text) is JsonArray { Count: 0 };
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    /// <summary>The words that a container starts with: its command and arguments.</summary>
    public static IEnumerable<ManifestNode> CommandLine(ManifestNode container) => container["command"].List().Concat(container["args"].List()).Where(word => word.Text is not null);
}
