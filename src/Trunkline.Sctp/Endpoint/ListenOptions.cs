namespace Trunkline.Sctp.Endpoint;

/// <summary>How a listener accepts.</summary>
public sealed record ListenOptions
{
    public static ListenOptions Default { get; } = new();

    /// <summary>Associations established and not yet marked accepted, 128; beyond it INITs and cookies are dropped, so that the peer tries again.</summary>
    public int Backlog { get; init; } = 128;

    /// <summary>Parameters of the associations it accepts.</summary>
    public AssociationOptions Association { get; init; } = AssociationOptions.Default;
}
