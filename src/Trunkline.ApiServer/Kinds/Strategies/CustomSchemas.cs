using k8s.Models;
using Trunkline.ApiServer.Validation.Decoding;

namespace Trunkline.ApiServer.Kinds.Strategies;

/// <summary>Schemas of the kinds that the official client has no model of, after their published definitions (openshift/api).</summary>
internal static class CustomSchemas
{
    private static readonly ValueSchema Text = ValueSchema.Of(GoKind.Text, "string");
    private static readonly ValueSchema Flag = ValueSchema.Of(GoKind.Bool, "bool");
    private static readonly ValueSchema Count = ValueSchema.Of(GoKind.Whole32, "int32");
    private static readonly ValueSchema Long = ValueSchema.Of(GoKind.Whole64, "int64");
    private static readonly ValueSchema Any = ValueSchema.Of(GoKind.Any, "interface {}");
    private static readonly ValueSchema Texts = ValueSchema.ListOf(Text);
    private static readonly ValueSchema Selector = Model<V1LabelSelector>();
    private static readonly ValueSchema References = ValueSchema.ListOf(Model<V1ObjectReference>());

    public static TypeSchema MachineConfig { get; } = Root("MachineConfig", ("spec", Struct("MachineConfigSpec",
        ("osImageURL", Text), ("baseOSExtensionsContainerImage", Text), ("config", Any), ("kernelArguments", Texts), ("extensions", Texts),
        ("fips", Flag), ("kernelType", Text))));

    public static TypeSchema MachineConfigPool { get; } = Root("MachineConfigPool",
        ("spec", Struct("MachineConfigPoolSpec",
            ("machineConfigSelector", Selector), ("nodeSelector", Selector), ("paused", Flag),
            ("maxUnavailable", ValueSchema.Of(GoKind.IntOrString, "int32")), ("configuration", Configuration()), ("pinnedImageSets", Any))),
        ("status", Struct("MachineConfigPoolStatus",
            ("observedGeneration", Long), ("configuration", Configuration()), ("machineCount", Count), ("updatedMachineCount", Count),
            ("readyMachineCount", Count), ("unavailableMachineCount", Count), ("degradedMachineCount", Count),
            ("conditions", ValueSchema.ListOf(Struct("MachineConfigPoolCondition",
                ("type", Text), ("status", Text), ("lastTransitionTime", ValueSchema.Of(GoKind.Time, "string")), ("reason", Text), ("message", Text)))),
            ("certExpirys", Any), ("poolSynchronizersStatus", Any))));

    public static TypeSchema Project { get; } = Root("Project",
        ("spec", Struct("ProjectSpec", ("finalizers", Texts))),
        ("status", Struct("ProjectStatus", ("phase", Text), ("conditions", Any))));

    public static TypeSchema ProjectRequest { get; } = Root("ProjectRequest", ("displayName", Text), ("description", Text));

    public static TypeSchema NetworkAttachmentDefinition { get; } =
        Root("NetworkAttachmentDefinition", ("spec", Struct("NetworkAttachmentDefinitionSpec", ("config", Text))));

    /// <summary>Its spec is a NetworkPolicy's, field by field.</summary>
    public static TypeSchema MultiNetworkPolicy { get; } = Root("MultiNetworkPolicy", ("spec", Model<V1NetworkPolicySpec>()));

    /// <summary>policy.networking.k8s.io/v1alpha2 (sig-network's network-policy-api).</summary>
    public static TypeSchema ClusterNetworkPolicy { get; } = Root("ClusterNetworkPolicy",
        ("spec", Struct("ClusterNetworkPolicySpec",
            ("tier", Text), ("priority", Count), ("subject", PolicyEnd("ClusterNetworkPolicySubject")),
            ("ingress", PolicyRules("ClusterNetworkPolicyIngressRule", "from", PolicyEnd("ClusterNetworkPolicyIngressPeer"))),
            ("egress", PolicyRules("ClusterNetworkPolicyEgressRule", "to", PolicyEnd("ClusterNetworkPolicyEgressPeer", ("nodes", Selector), ("networks", Texts), ("domainNames", Texts)))))),
        ("status", Any));

    /// <summary>A kind whose content is nobody's business here.</summary>
    public static TypeSchema Open(string kind) => Root(kind, ("spec", Any), ("status", Any), ("fullName", Text), ("identities", Texts), ("groups", Texts));

    private static ValueSchema PolicyEnd(string name, params (string Name, ValueSchema Value)[] more) =>
        Struct(name, [("namespaces", Selector), ("pods", Struct("NamespacedPod", ("namespaceSelector", Selector), ("podSelector", Selector))), .. more]);

    private static ValueSchema PolicyRules(string name, string peers, ValueSchema peer)
    {
        var match = Struct("ClusterNetworkPolicyProtocolMatch", ("destinationPort", Struct("Port", ("number", Count), ("range", Struct("PortRange", ("start", Count), ("end", Count))))));
        var protocol = Struct("ClusterNetworkPolicyProtocol", ("tcp", match), ("udp", match), ("sctp", match), ("destinationNamedPort", Text));
        return ValueSchema.ListOf(Struct(name, ("name", Text), ("action", Text), (peers, ValueSchema.ListOf(peer)), ("protocols", ValueSchema.ListOf(protocol))));
    }

    private static ValueSchema Configuration() => Struct("MachineConfigPoolStatusConfiguration",
        ("apiVersion", Text), ("kind", Text), ("name", Text), ("namespace", Text), ("uid", Text), ("resourceVersion", Text), ("fieldPath", Text), ("source", References));

    private static TypeSchema Root(string kind, params (string Name, ValueSchema Value)[] fields) => new(
        kind,
        [
            new("apiVersion", Text, Presence.OmitEmpty),
            new("kind", Text, Presence.OmitEmpty),
            new("metadata", Model<V1ObjectMeta>(), Presence.Always),
            .. fields.Select(f => new FieldSchema(f.Name, f.Value, Presence.WhenGiven)),
        ],
        custom: true);

    private static ValueSchema Struct(string name, params (string Name, ValueSchema Value)[] fields)
    {
        var schema = new TypeSchema(name, fields.Select(f => new FieldSchema(f.Name, f.Value, Presence.WhenGiven)), custom: true);
        return ValueSchema.StructOf("v1." + name, () => schema);
    }

    private static ValueSchema Model<T>() => ValueSchema.StructOf("v1." + ModelSchema.GoName(typeof(T)), ModelSchema.Of<T>);
}
