namespace Trunkline.Operations.Enable;

/// <summary>What was seen of a node's SCTP module.</summary>
public enum ModuleState
{
    /// <summary>Nothing could be seen.</summary>
    Unknown,

    /// <summary>It is not there.</summary>
    Off,

    /// <summary>It is loaded.</summary>
    Loaded,
}
