using Trunkline.Policy.Model;
using Trunkline.Policy.Reading;

namespace Trunkline.Node.Network.Cluster;

/// <summary>From the API's policies to the model's.</summary>
internal static class PolicyRecords
{
    public static NetworkPolicy Of(PolicyObject policy) => NetworkPolicyReader.Read(policy.Metadata.NamespaceProperty ?? "", policy.Metadata.Name ?? "", policy.Spec);

    public static ClusterNetworkPolicy OfCluster(PolicyObject policy) => ClusterPolicyReader.Read(policy.Metadata.Name ?? "", policy.Spec);
}
