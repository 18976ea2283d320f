namespace Trunkline.Operations.Platforms;

/// <summary>What a limit of a network is about.</summary>
public enum LimitArea
{
    /// <summary>From Pod to Pod.</summary>
    Pods,

    /// <summary>Through Services, by any of their addresses.</summary>
    Services,

    /// <summary>NetworkPolicies that name SCTP.</summary>
    Policies,

    /// <summary>Associations with several addresses.</summary>
    Multihoming,

    /// <summary>What becomes of associations when a Pod or node goes.</summary>
    Failover,
}
