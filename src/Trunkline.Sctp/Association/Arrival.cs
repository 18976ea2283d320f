namespace Trunkline.Sctp.Association;

internal enum Arrival
{
    New,
    Duplicate,

    /// <summary>Further ahead than we keep account of.</summary>
    TooFar,
}
