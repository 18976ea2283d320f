using System.Collections.Frozen;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Validation.Decoding;

namespace Trunkline.ApiServer.Patching;

/// <summary>
/// Patch merge keys and list types, which the client's model types lack: <c>Type.field mergeKey [keys of server-side apply]</c>, by Go type names.
/// Checked in tests against the published OpenAPI in golden/.
/// </summary>
public static class PatchFacts
{
    // key=K: merge list by K. keys=A+B: other keys for server-side apply. set: united list. retain: retainKeys. atomic: a map or struct that is one whole.
    private static readonly FrozenDictionary<string, ListFact> Fields = Parse("""
        DaemonSetStatus.conditions key=type
        DeploymentSpec.strategy retain
        DeploymentStatus.conditions key=type
        ReplicaSetStatus.conditions key=type
        Container.env key=name
        Container.ports key=containerPort keys=containerPort+protocol
        Container.volumeDevices key=devicePath
        Container.volumeMounts key=mountPath
        EphemeralContainer.env key=name
        EphemeralContainer.ports key=containerPort keys=containerPort+protocol
        EphemeralContainer.volumeDevices key=devicePath
        EphemeralContainer.volumeMounts key=mountPath
        NamespaceStatus.conditions key=type
        NodeSpec.podCIDRs set
        NodeStatus.addresses key=type
        NodeStatus.conditions key=type
        PodSpec.containers key=name
        PodSpec.ephemeralContainers key=name
        PodSpec.hostAliases key=ip
        PodSpec.imagePullSecrets key=name
        PodSpec.initContainers key=name
        PodSpec.nodeSelector atomic
        PodSpec.resourceClaims key=name retain
        PodSpec.schedulingGates key=name
        PodSpec.topologySpreadConstraints key=topologyKey keys=topologyKey+whenUnsatisfiable
        PodSpec.volumes key=name retain
        PodStatus.conditions key=type
        PodStatus.hostIPs key=ip keys=
        PodStatus.podIPs key=ip
        PodStatus.resourceClaimStatuses key=name retain
        ResourceRequirements.claims keys=name
        ServiceAccount.secrets key=name
        ServiceAccount.imagePullSecrets keys=
        ServiceSpec.ports key=port keys=port+protocol
        ServiceSpec.selector atomic
        ServiceStatus.conditions key=type
        PodDisruptionBudgetStatus.conditions key=type
        Endpoint.addresses listset
        ObjectMeta.finalizers set
        ObjectMeta.ownerReferences key=uid
        """);

    private static readonly FrozenSet<string> AtomicTypes = FrozenSet.Create(
        StringComparer.Ordinal,
        "ConfigMapKeySelector", "EndpointAddress", "EndpointPort", "LocalObjectReference", "NodeSelector", "NodeSelectorTerm", "ObjectFieldSelector", "ObjectReference",
        "ResourceFieldSelector", "ScopeSelector", "SecretKeySelector", "SecretReference", "TypedLocalObjectReference", "LabelSelector", "OwnerReference", "RoleRef", "Subject",
        "FileKeySelector");

    /// <summary>All facts by <c>Type.field</c>, for the published OpenAPI.</summary>
    public static ListFact Of(string type, string field) => Fields.GetValueOrDefault(type + "." + field, ListFact.None);

    public static bool IsAtomicType(string type) => AtomicTypes.Contains(type);

    /// <summary>The schema of a kind; null for custom resources, about which nothing is known.</summary>
    public static TypeSchema? SchemaOf(ResourceKind kind) => kind.Model is null ? null : ModelSchema.Of(kind.Model);

    private static FrozenDictionary<string, ListFact> Parse(string text) => text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(l => l.Split(' '))
        .ToFrozenDictionary(w => w[0], w => Fact(w[1..]), StringComparer.Ordinal);

    private static ListFact Fact(string[] words)
    {
        var key = words.FirstOrDefault(w => w.StartsWith("key=", StringComparison.Ordinal))?[4..] ?? "";
        var keys = words.FirstOrDefault(w => w.StartsWith("keys=", StringComparison.Ordinal))?[5..];
        string[] mapKeys = keys is null ? (key.Length > 0 ? [key] : []) : keys.Split('+', StringSplitOptions.RemoveEmptyEntries);
        return new ListFact(key, key.Length > 0 || words.Contains("set"), words.Contains("retain"), mapKeys, words.Contains("set") || words.Contains("listset"), words.Contains("atomic"));
    }
}
