namespace Trunkline.Policy.Model;

/// <summary>Where a ClusterNetworkPolicy stands: before NetworkPolicies, or after them for Pods that none of them isolates.</summary>
public enum PolicyTier
{
    Admin,
    Baseline,
}
