namespace Trunkline.Policy.Findings;

/// <summary>What is the matter with a policy, or with a part of it, in the cluster as it is now.</summary>
public enum FindingKind
{
    /// <summary>The policy selects no Pod that policies apply to.</summary>
    SelectsNobody,

    /// <summary>Rules of a direction that <c>policyTypes</c> does not name.</summary>
    DirectionNotNamed,

    /// <summary>A rule could not be read and fails closed.</summary>
    Unreadable,

    /// <summary>Without the policy every verdict would be the same.</summary>
    PolicyWithoutEffect,

    /// <summary>Without the rule every verdict would be the same.</summary>
    RuleWithoutEffect,

    /// <summary>A peer that is nobody now.</summary>
    PeerMatchesNobody,

    /// <summary>Without the peer every verdict would be the same.</summary>
    PeerWithoutEffect,

    /// <summary>A name that no destination declares with the port's protocol.</summary>
    PortNameUnknown,

    /// <summary>Without the port every verdict would be the same.</summary>
    PortWithoutEffect,
}
