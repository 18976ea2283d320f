using k8s.Models;
using Trunkline.ApiServer.Defaulting;
using Trunkline.ApiServer.Tables;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Workloads;

namespace Trunkline.ApiServer.Kinds.Strategies;

/// <summary>apps/v1.</summary>
internal static class WorkloadKinds
{
    public static KindRules? Find(ResourceKind kind) => (kind.Group, kind.Kind) switch
    {
        ("apps", "Deployment") => Workload<V1Deployment>() with
        {
            Defaults = WorkloadDefaults.Deployment,
            Validate = WorkloadRules.Deployment,
            Table = WorkloadTables.Deployment,
        },
        ("apps", "ReplicaSet") => Workload<V1ReplicaSet>() with
        {
            Defaults = WorkloadDefaults.ReplicaSet,
            Validate = WorkloadRules.ReplicaSet,
            Table = WorkloadTables.ReplicaSet,
        },
        ("apps", "DaemonSet") => Workload<V1DaemonSet>() with
        {
            Defaults = WorkloadDefaults.DaemonSet,
            Validate = WorkloadRules.DaemonSet,
            Table = WorkloadTables.DaemonSet,
        },
        _ => null,
    };

    private static KindRules Workload<T>() => new(ModelSchema.Of<T>())
    {
        OwnsStatus = true,
        HasGeneration = true,
        ChangeLast = true,
        ValidateChange = WorkloadRules.SelectorUpdate,
    };
}
