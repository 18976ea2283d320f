namespace Trunkline.Policy.Model;

/// <summary>One rule of a ClusterNetworkPolicy. No protocols: all traffic of the peers.</summary>
public sealed record ClusterPolicyRule(ClusterPolicyAction Action, IReadOnlyList<ClusterPolicyPeer> Peers, IReadOnlyList<ClusterPolicyPort> Ports)
{
    public string Name { get; init; } = "";

    /// <summary>
    /// What of the rule could not be read. Such a rule fails closed, as the API asks: an Accept matches no traffic; a Deny or a Pass denies all traffic.
    /// </summary>
    public string? Unreadable { get; init; }

    public bool MatchesNothing => Unreadable is not null && Action == ClusterPolicyAction.Accept;

    public bool MatchesEverything => Unreadable is not null && Action != ClusterPolicyAction.Accept;

    /// <summary>What happens to traffic that matches.</summary>
    public ClusterPolicyAction Effect => Unreadable is null ? Action : ClusterPolicyAction.Deny;
}
