namespace Trunkline.Policy.Evaluation;

/// <summary>Why one direction allows or denies.</summary>
public enum VerdictReason
{
    /// <summary>The end is no Pod that policies apply to.</summary>
    NotAPod,

    /// <summary>No policy isolates the Pod in this direction: allowed.</summary>
    NotIsolated,

    /// <summary>A rule of a policy allows it.</summary>
    AllowedByRule,

    /// <summary>The Pod is isolated and no rule allows it: denied.</summary>
    NoRuleMatches,

    /// <summary>A Pod always reaches itself.</summary>
    Itself,

    /// <summary>A node and its own Pods always reach each other (kubelet's probes).</summary>
    OwnNode,
}
