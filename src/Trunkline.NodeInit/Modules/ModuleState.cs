namespace Trunkline.NodeInit.Modules;

/// <summary>What a node's configuration files make of the SCTP module.</summary>
internal enum ModuleState
{
    /// <summary>Not there, and no socket brings it.</summary>
    Off,

    /// <summary>Not there until the first SCTP socket asks for it.</summary>
    Autoload,

    /// <summary>There.</summary>
    Loaded,
}
