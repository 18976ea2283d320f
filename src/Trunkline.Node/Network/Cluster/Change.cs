namespace Trunkline.Node.Network.Cluster;

/// <summary>Something of the cluster that changed: what it is now, or null where it is gone.</summary>
/// <param name="Key">namespace/name; a Pod's UID.</param>
/// <param name="Item">What it is now.</param>
internal readonly record struct Change<T>(string Key, T? Item)
    where T : class;
