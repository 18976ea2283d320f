namespace Trunkline.Policy.Evaluation;

/// <summary>Whether a flow may begin: the source's egress and the destination's ingress must both allow it.</summary>
public sealed record Verdict(DirectionVerdict Egress, DirectionVerdict Ingress)
{
    public bool Allowed => Egress.Allowed && Ingress.Allowed;

    /// <summary>The explanation, one line a direction.</summary>
    public string Explain() => $"{(Allowed ? "allowed" : "denied")}\n  {Egress}\n  {Ingress}";

    public override string ToString() => Explain();
}
