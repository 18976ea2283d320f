namespace Trunkline.Node.Network.Cluster;

/// <summary>Where the synchronizer learns of the cluster.</summary>
internal interface IClusterSource
{
    /// <summary>What changed since the last call, the first time everything; null until every kind has been listed once: half a picture would cut flows that the whole one allows.</summary>
    ClusterDelta? Take();

    /// <summary>The next <see cref="Take"/> tells everything.</summary>
    void Reset();
}
