using Trunkline.ApiServer.Defaulting;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Networking;

namespace Trunkline.ApiServer.Kinds.Strategies;

/// <summary>Secondary networks of Pods and the policies on them: custom resources. What a network's CNI configuration says is judged by the node that attaches a Pod.</summary>
internal static class SecondaryNetworkKinds
{
    public static KindRules? Find(ResourceKind kind) => kind.Kind switch
    {
        "NetworkAttachmentDefinition" => new(CustomSchemas.NetworkAttachmentDefinition) { HasGeneration = true },
        "MultiNetworkPolicy" => new(CustomSchemas.MultiNetworkPolicy)
        {
            Defaults = NetworkPolicyDefaults.Apply,
            Validate = (errors, policy) => errors.NetworkPolicySpec(policy.Obj("spec")),
            HasGeneration = true,
        },
        _ => null,
    };
}
