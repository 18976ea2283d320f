namespace Trunkline.Policy.Evaluation;

/// <summary>Why one direction allows or denies.</summary>
public enum VerdictReason
{
    /// <summary>The end is no Pod that policies apply to.</summary>
    NotAPod,

    /// <summary>No policy isolates the Pod in this direction, and no ClusterNetworkPolicy decided: allowed.</summary>
    NotIsolated,

    /// <summary>A rule of a NetworkPolicy allows it.</summary>
    AllowedByRule,

    /// <summary>The Pod is isolated and no rule allows it: denied.</summary>
    NoRuleMatches,

    /// <summary>A Pod always reaches itself.</summary>
    Itself,

    /// <summary>A node always reaches its own Pods (kubelet's probes), and NetworkPolicies do not keep a Pod from its node.</summary>
    OwnNode,

    /// <summary>A rule of a ClusterNetworkPolicy accepts it.</summary>
    Accepted,

    /// <summary>A rule of a ClusterNetworkPolicy denies it.</summary>
    Denied,
}
