namespace Trunkline.Policy.Model;

/// <summary>What the first matching rule of a tier does.</summary>
public enum ClusterPolicyAction
{
    /// <summary>Allowed in this direction; nothing further is asked.</summary>
    Accept,

    /// <summary>Denied; nothing further is asked.</summary>
    Deny,

    /// <summary>The rest of this tier is skipped; the next tier decides.</summary>
    Pass,
}
