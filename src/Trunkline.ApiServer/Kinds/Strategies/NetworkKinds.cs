using k8s.Models;
using Trunkline.ApiServer.Defaulting;
using Trunkline.ApiServer.Kinds.Strategies.Services;
using Trunkline.ApiServer.Tables;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;
using Trunkline.ApiServer.Validation.Networking;
using Trunkline.ApiServer.Validation.Services;

namespace Trunkline.ApiServer.Kinds.Strategies;

/// <summary>Services, what stands behind them, and NetworkPolicies.</summary>
internal static class NetworkKinds
{
    public static KindRules? Find(ResourceKind kind) => (kind.Group, kind.Kind) switch
    {
        ("", "Service") => Service,
        ("", "Endpoints") => new(ModelSchema.Of<V1Endpoints>())
        {
            Defaults = EndpointsRules.Defaults,
            Validate = EndpointsRules.Validate,
            Table = NetworkTables.Endpoints,
        },
        ("discovery.k8s.io", "EndpointSlice") => new(ModelSchema.Of<V1EndpointSlice>())
        {
            Defaults = EndpointSliceRules.Defaults,
            Validate = EndpointSliceRules.Validate,
            ValidateChange = EndpointSliceRules.ValidateChange,
            HasGeneration = true,
            Table = NetworkTables.EndpointSlice,
        },
        ("networking.k8s.io", "NetworkPolicy") => new(ModelSchema.Of<V1NetworkPolicy>())
        {
            Defaults = NetworkPolicyDefaults.Apply,
            Create = policy => policy.Remove("status"),
            Update = (policy, _) => policy.Remove("status"),
            Validate = (errors, policy) => errors.NetworkPolicySpec(policy.Obj("spec")),
            HasGeneration = true,
            Table = NetworkTables.NetworkPolicy,
        },
        ("policy.networking.k8s.io", "ClusterNetworkPolicy") => new(CustomSchemas.ClusterNetworkPolicy)
        {
            Validate = ClusterNetworkPolicyRules.Spec,
            OwnsStatus = true,
            HasGeneration = true,
            Table = NetworkTables.ClusterNetworkPolicy,
        },
        _ => null,
    };

    private static KindRules Service => new(ModelSchema.Of<V1Service>())
    {
        Names = NameRules.Dns1035Label,
        Defaults = ServiceDefaults.Apply,
        Create = ServiceLife.Create,
        Update = ServiceLife.Update,
        Validate = (errors, service) => errors.ServiceSpec(service.Obj("spec")),
        ValidateChange = ServiceUpdateRules.Validate,
        ValidateStatus = ServiceStatusRules.Validate,
        Warnings = ServiceWarnings.Of,
        OwnsStatus = true,
        Table = ServiceTable.Layout,
    };
}
