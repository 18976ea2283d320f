namespace Trunkline.Node.Agent.Watching;

/// <summary>What happened to a watched object; added and modified are one, as a sink must cope with either.</summary>
internal enum WatchChange
{
    Stored,
    Deleted,
}
