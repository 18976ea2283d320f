using k8s.Models;
using Trunkline.ApiServer.Defaulting;
using Trunkline.ApiServer.Tables;
using Trunkline.ApiServer.Validation.Core;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;
using Trunkline.ApiServer.Validation.Pods;

namespace Trunkline.ApiServer.Kinds.Strategies;

/// <summary>Namespaces, Nodes, Pods and the small kinds around them.</summary>
internal static class CoreKinds
{
    public static KindRules? Find(ResourceKind kind) => (kind.Group, kind.Kind) switch
    {
        ("", "Namespace") => Namespace,
        ("", "Node") => Node,
        ("", "Pod") => Pod,
        ("", "ConfigMap") => ConfigMap,
        ("", "Secret") => Secret,
        ("", "ServiceAccount") => new(ModelSchema.Of<V1ServiceAccount>()) { Table = CoreTables.ServiceAccount },
        ("", "Event") => new(ModelSchema.Of<Corev1Event>()) { Validate = EventRules.Core, Table = EventTable.Layout },
        ("events.k8s.io", "Event") => new(ModelSchema.Of<Eventsv1Event>()) { Validate = EventRules.New, Table = EventTable.Layout },
        ("coordination.k8s.io", "Lease") => new(ModelSchema.Of<V1Lease>()) { Validate = LeaseRules.Validate, Table = CoreTables.Lease },
        ("policy", "PodDisruptionBudget") => new(ModelSchema.Of<V1PodDisruptionBudget>())
        {
            Validate = PodDisruptionBudgetRules.Validate,
            OwnsStatus = true,
            HasGeneration = true,
            Table = CoreTables.PodDisruptionBudget,
        },
        _ => null,
    };

    private static KindRules Namespace => new(ModelSchema.Of<V1Namespace>())
    {
        Names = NameRules.Dns1123Label,
        Defaults = NamespaceLife.Defaults,
        Create = NamespaceLife.Create,
        Update = NamespaceLife.Update,
        Validate = NamespaceLife.Validate,
        ValidateStatus = NamespaceLife.ValidateStatus,
        OwnsStatus = true,
        Table = CoreTables.Namespace,
    };

    private static KindRules Node => new(ModelSchema.Of<V1Node>())
    {
        Defaults = NodeRules.Defaults,
        Validate = NodeRules.Validate,
        ValidateChange = NodeRules.ValidateChange,
        Update = NodeRules.KeepStatus,
        Table = NodeTable.Layout,
    };

    private static KindRules Pod => new(ModelSchema.Of<V1Pod>())
    {
        Defaults = PodDefaults.Apply,
        Create = Pods.PodLife.Create,
        Validate = (errors, pod) => errors.PodSpec("spec", pod.Obj("spec")),
        ValidateChange = (errors, pod, old) => errors.PodSpecUpdate(pod.Obj("spec"), old.Obj("spec")),
        ValidateStatus = (errors, pod) => errors.PodAddresses(pod.Obj("status")),
        Warnings = PodWarnings.Of,
        OwnsStatus = true,
        Table = PodTable.Layout,
    };

    private static KindRules ConfigMap => new(ModelSchema.Of<V1ConfigMap>())
    {
        Validate = ConfigMapRules.Validate,
        ValidateChange = ConfigMapRules.ValidateChange,
        Table = CoreTables.ConfigMap,
    };

    private static KindRules Secret => new(ModelSchema.Of<V1Secret>())
    {
        Defaults = SecretRules.Defaults,
        Validate = SecretRules.Validate,
        ValidateChange = SecretRules.ValidateChange,
        Table = CoreTables.Secret,
    };
}
