using k8s.Models;
using Trunkline.ApiServer.Tables;
using Trunkline.ApiServer.Validation.Access;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Kinds.Strategies;

/// <summary>rbac.authorization.k8s.io.</summary>
internal static class AccessKinds
{
    public static KindRules? Find(ResourceKind kind) => (kind.Group, kind.Kind) switch
    {
        ("rbac.authorization.k8s.io", "Role") => new(ModelSchema.Of<V1Role>()) { Names = NameRules.PathSegment, Validate = RoleRules.Role },
        ("rbac.authorization.k8s.io", "ClusterRole") => new(ModelSchema.Of<V1ClusterRole>()) { Names = NameRules.PathSegment, Validate = RoleRules.ClusterRole },
        ("rbac.authorization.k8s.io", "RoleBinding") => Binding<V1RoleBinding>(RoleRules.RoleBinding),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding") => Binding<V1ClusterRoleBinding>(RoleRules.ClusterRoleBinding),
        _ => null,
    };

    private static KindRules Binding<T>(Action<Validation.Fields.FieldErrors, System.Text.Json.Nodes.JsonObject> validate) => new(ModelSchema.Of<T>())
    {
        Names = NameRules.PathSegment,
        Defaults = RoleRules.BindingDefaults,
        Validate = validate,
        ValidateChange = RoleRules.BindingChange,
        Table = AccessTables.Binding,
    };
}
