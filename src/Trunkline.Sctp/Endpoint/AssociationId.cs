namespace Trunkline.Sctp.Endpoint;

/// <summary>Names one association of one endpoint; never used twice in an endpoint's life. 0 names none.</summary>
public readonly record struct AssociationId(long Value)
{
    public bool IsNone => Value == 0;
}
