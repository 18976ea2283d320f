namespace Trunkline.Node.IntegrationTests.Kernel;

/// <summary>The end of a packet at a node.</summary>
internal enum Fate
{
    Accepted,
    Dropped,
    Rejected,
    Queued,

    /// <summary>No route leads on.</summary>
    Unroutable,
}
